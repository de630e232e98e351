import { signal } from "@preact/signals";
import { MainChart } from "../charts";
import { parseCount } from "../numbers/counts";
import { Assumptions_RotationMode as RotationMode } from "../gen/scenarios/v1/scenario_pb";
import { asking, currency, drafts, edit, look, projection, scenario, view } from "../page";
import { typeset } from "../typeset";
import { isWide } from "./columns";
import { Story, tell, telling } from "./story";
import { Violations, violationsAt } from "./violations";

/** The answer as pictures. */
export function Picture() {
  const shown = view.value;
  const answered = projection.value;
  const standing = asking.standing.value;
  const last = asking.answer.value;
  return (
    <div class="picture">
      <MainChart
        projection={answered}
        scenario={scenario.value ?? undefined}
        view={shown}
        current={currency.value === "current"}
        asOf={currency.value === "stale" && standing.kind === "waiting" && last ? `as of ${last.at.toLocaleTimeString("en-GB")}` : ""}
        hold={Object.keys(drafts.value).length > 0 && standing.kind !== "done"}
        future={telling.value?.index ?? null}
        onAt={(at) => look({ at })}
        onFuture={(index) => void tell(index)}
        onRemoveCount={removeCount}
        onToggle={(part) => look({ [part]: !shown[part] })}
        afterFan={!isWide.value && <Story />}
        fanControls={fanControls}
        passageControls={counts}
      />
      <Warnings />
    </div>
  );
}

const removeCount = (removed: number) => look({ counts: view.value.counts.filter((other) => other !== removed) });

// The same elements at each snapshot: they know themselves when they change.
const fanControls = <FanControls />;
const counts = <Counts />;

function FanControls() {
  const shown = view.value;
  const hasPresent = scenario.value?.assumptions?.rotationMode !== RotationMode.ROTATION_MODE_UNSPECIFIED;
  return (
    <>
      <Check label="Sample futures" isOn={shown.showFutures} onToggle={(showFutures) => look({ showFutures })} />
      {hasPresent && <Check label="Present" isOn={shown.showPresent} onToggle={(showPresent) => look({ showPresent })} />}
      <button type="button" class="plain" aria-pressed={shown.showTable} onClick={() => look({ showTable: !shown.showTable })}>
        {shown.showTable ? "Chart" : "Table"}
      </button>
    </>
  );
}

function Check({ label, isOn, onToggle }: { label: string; isOn: boolean; onToggle: (isOn: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onToggle(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

const isAdding = signal(false);
const refusedCount = signal("");

/** Counts that the reader wants to know about, beside the scenario's own; each is taken away at its row. */
function Counts() {
  const broken = violationsAt("thresholds");
  return (
    <div class="counts">
      {isAdding.value ? (
        <form
          class="add-count"
          onSubmit={(event) => {
            event.preventDefault();
            const given = String(new FormData(event.currentTarget).get("count"));
            const added = parseCount(given);
            if (typeof added === "string") {
              refusedCount.value = added;
              return;
            }
            isAdding.value = false;
            refusedCount.value = "";
            const known = [...view.value.counts, ...(scenario.value?.thresholds ?? []).map(Number)];
            if (!known.includes(added)) {
              look({ counts: [...view.value.counts, added] });
            }
          }}
        >
          <label>
            <span class="unseen">Count to add</span>
            <input
              name="count" type="text" autocomplete="off" placeholder="75,000" ref={(input) => { if (refusedCount.value === "") input?.focus(); }}
              aria-invalid={refusedCount.value !== ""} aria-describedby={refusedCount.value !== "" ? "count-fault" : undefined}
              onInput={() => { refusedCount.value = ""; }}
              onKeyDown={(event) => {
                if (event.key === "Escape") {
                  isAdding.value = false;
                  refusedCount.value = "";
                }
              }}
            />
          </label>
          <button type="submit" class="plain">Add</button>
        </form>
      ) : (
        <button type="button" class="plain" onClick={() => { isAdding.value = true; }}>Add a count</button>
      )}
      {refusedCount.value && <p class="violation" id="count-fault" role="alert">{refusedCount}</p>}
      <Violations found={broken} onMend={() => undefined} />
    </div>
  );
}

/** What a reader should know before relying on the picture. */
function Warnings() {
  const warnings = projection.value?.warnings ?? [];
  return <>{warnings.map((warning) => (warning.code === "NARROW_FAN" ? <NarrowFan key={warning.code} /> : <p class="warning" key={warning.code + warning.field}>{typeset(warning.message)}</p>))}</>;
}

/** All that is drawn is drawn anew for each batch: asks what the reader has not said. */
function NarrowFan() {
  return (
    <div class="warning">
      Each gap and each batch is drawn anew, so their differences average out, and the fan is often far too narrow. <strong>Is the typical gap itself uncertain?</strong>
      <span class="mends">
        <button type="button" class="button" onClick={() => edit("rotation_interval_days.path_factor", "0.8 to 1.25", "rest")}>× 0.8 to × 1.25</button>
        <button type="button" class="button" onClick={() => edit("rotation_interval_days.resampling", "PER_PATH", "rest")}>one gap per future</button>
      </span>
    </div>
  );
}
