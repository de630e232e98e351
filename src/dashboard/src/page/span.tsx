import { addDays, dayNumber, isoDate, longDate } from "../numbers/dates";
import { edit, edits, parsedDate, scenario } from "../page";
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
  const broken = [...violationsAt("start_date"), ...violationsAt("horizon_days"), ...violationsAt("step_days")];
  const isOpen = editing.value === "span" || broken.length > 0;
  const isChanged = "start_date" in edits.value || "horizon_days" in edits.value;
  const value = `${longDate(start)} to ${longDate(end)}`;
  return (
    <div class={`row ${isOpen ? "open" : ""} ${broken.length > 0 ? "broken" : ""}`}>
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
            <DateField label="First day" value={isoDate(start)} onGiven={(iso) => edit("start_date", iso, "rest")} />
            <DateField label="Last day" value={isoDate(end)} onGiven={(iso) => edit("horizon_days", String(dayNumber(parsedDate(iso)) - dayNumber(start)), "rest")} />
          </div>
          <Violations found={broken} onMend={(text) => edit("horizon_days", text, "rest")} />
        </div>
      )}
      {isChanged && (
        <p class="changed">
          Changed.
          {" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              edit("start_date", null, "rest");
              edit("horizon_days", null, "rest");
            }}
          >
            As saved
          </button>
        </p>
      )}
    </div>
  );
}

function DateField({ label, value, onGiven }: { label: string; value: string; onGiven: (iso: string) => void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="date"
        value={value}
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
