import { addDays, dayNumber, isoDate, longDate } from "../numbers/dates";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";
import { edit, edits, opened, parsedDate, scenario } from "../page";
import { editing } from "./editing";
import { Violations, violationsAt } from "./violations";

/** From when to when it is projected. */
export function Span() {
  const given = scenario.value;
  const start = given?.startDate;
  if (!given || !start) {
    return null;
  }
  const end = addDays(start, given.horizonDays);
  // What is refused stays in its field.
  const first = edits.value.start_date ? parsedDate(edits.value.start_date) : start;
  const horizon = Number(edits.value.horizon_days ?? given.horizonDays);
  const last = addDays(first, Number.isFinite(horizon) ? horizon : given.horizonDays);
  const isBackwards = horizon <= 0;
  const broken = [...violationsAt("start_date"), ...(isBackwards ? [] : violationsAt("horizon_days")), ...violationsAt("step_days")];
  const isRefused = broken.length > 0 || (isBackwards && violationsAt("horizon_days").length > 0);
  const isOpen = editing.value === "span" || isRefused;
  const isChanged = "start_date" in edits.value || "horizon_days" in edits.value;
  const value = `${longDate(start)} to ${longDate(end)}`;
  const setLast = (iso: string) => edit("horizon_days", String(dayNumber(parsedDate(iso)) - dayNumber(first)), "rest");
  return (
    <div class={`row ${isOpen ? "open" : ""} ${isRefused ? "broken" : ""}`}>
      <div class="facts">
        <div>
          <h3>Span of the projection</h3>
          {isOpen ? <span class="means">{value}</span> : (
            <button type="button" class="opener" aria-expanded="false" aria-label={`Edit the time: ${value}`} onClick={() => { editing.value = "span"; }}>
              <span class="value dates">{value}</span>
            </button>
          )}
        </div>
        {isOpen && (
          <div class="beside">
            <button type="button" class="toggle" aria-expanded="true" aria-label="Close the time" onClick={() => { editing.value = null; }}>Close</button>
          </div>
        )}
      </div>
      {isOpen && (
        <div class="editor">
          <div class="dates-edited">
            <DateField label="First day" value={isoDate(first)} onGiven={(iso) => edit("start_date", iso, "rest")} isRefused={violationsAt("start_date").length > 0} />
            <DateField label="Last day" value={isoDate(last)} onGiven={(iso) => setLast(iso)} isRefused={isRefused && violationsAt("horizon_days").length > 0} />
          </div>
          {isBackwards && isRefused && (
            <div class="violation">
              <p role="alert"><strong>The last day, {longDate(last)}, is {horizon === 0 ? "the first as well" : `before the first, ${longDate(first)}`}.</strong> Give a last day after the first.</p>
              <p class="mends">
                {horizon < 0 && (
                  <button
                    type="button"
                    class="button"
                    onClick={() => {
                      edit("start_date", isoDate(last), "rest");
                      edit("horizon_days", String(-horizon), "rest");
                    }}
                  >
                    Exchange the two
                  </button>
                )}
                <button type="button" class="button" onClick={() => edit("horizon_days", null, "rest")}>Until {longDate(addDays(first, opened.value?.scenario.horizonDays ?? given.horizonDays))}</button>
              </p>
            </div>
          )}
          <Violations found={broken} onMend={(text) => edit("horizon_days", text, "rest")} />
        </div>
      )}
      {isChanged && (
        <p class="changed">
          <span>Changed.</span>
          <button
            type="button"
            class="button"
            onClick={() => {
              edit("start_date", null, "rest");
              edit("horizon_days", null, "rest");
            }}
          >
            {backTo(opened.value?.scenario)}
          </button>
        </p>
      )}
    </div>
  );
}

function backTo(saved: Scenario | undefined): string {
  const from = saved?.startDate;
  return saved && from ? `Back to ${longDate(from)} to ${longDate(addDays(from, saved.horizonDays))}` : "As saved";
}

function DateField({ label, value, isRefused, onGiven }: { label: string; value: string; isRefused: boolean; onGiven: (iso: string) => void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date"
        value={value}
        aria-invalid={isRefused}
        onChange={(event) => {
          const given = event.currentTarget.value;
          if (given !== "" && given !== value) {
            onGiven(given);
          }
        }}
      />
    </label>
  );
}
