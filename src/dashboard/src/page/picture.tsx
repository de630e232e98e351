import { signal } from "@preact/signals";
import { MainChart } from "../charts";
import { faultOf } from "../asking/faults";
import { Assumptions_RotationMode as RotationMode } from "../gen/scenarios/v1/scenario_pb";
import { asking, currency, drafts, look, projection, scenario, view } from "../page";
import { projections } from "../service";
import { typeset } from "../typeset";
import { Violations, violationsAt } from "./violations";

/** A sample future that the reader wants told. */
interface Told {
  /** The projection that it is a future of: in another one this future goes otherwise. */
  readonly of: string;
  readonly index: number;
  readonly sentences: readonly string[] | null;
  readonly fault: string;
}

const told = signal<Told | null>(null);

/** The answer as pictures. */
export function Picture() {
  const shown = view.value;
  const answered = projection.value;
  const standing = asking.standing.value;
  const last = asking.answer.value;
  const telling = told.value?.of === answered?.name ? told.value : null;
  return (
    <div class="picture">
      <MainChart
        projection={answered}
        scenario={scenario.value ?? undefined}
        view={shown}
        current={currency.value === "current"}
        asOf={currency.value === "stale" && standing.kind === "waiting" && last ? `as of ${last.at.toLocaleTimeString("en-GB")}` : ""}
        hold={Object.keys(drafts.value).length > 0 && standing.kind !== "done"}
        future={telling?.index ?? null}
        onAt={(at) => look({ at })}
        onFuture={(index) => void tell(index)}
        onRemoveCount={removeCount}
        onToggle={(part) => look({ [part]: !shown[part] })}
        fanControls={fanControls}
        passageControls={counts}
      />
      {telling && <Telling told={telling} />}
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

/** Counts that the reader wants to know about, beside the scenario's own. */
function Counts() {
  const mine = view.value.counts;
  const broken = violationsAt("thresholds");
  return (
    <div class="counts">
      {isAdding.value ? (
        <form
          class="add-count"
          onSubmit={(event) => {
            event.preventDefault();
            const text = new FormData(event.currentTarget).get("count");
            const added = Math.round(Number(String(text).replace(/[,_\s]/g, "")));
            isAdding.value = false;
            if (added >= 0 && Number.isSafeInteger(added) && text !== "" && !mine.includes(added)) {
              look({ counts: [...mine, added] });
            }
          }}
        >
          <label>
            <span class="unseen">Count to add</span>
            <input
              name="count" inputMode="numeric" autocomplete="off" placeholder="75,000" ref={(input) => input?.focus()}
              onKeyDown={(event) => {
                if (event.key === "Escape") {
                  isAdding.value = false;
                }
              }}
            />
          </label>
          <button type="submit" class="plain">Add</button>
        </form>
      ) : (
        <button type="button" class="plain" onClick={() => { isAdding.value = true; }}>Add a count</button>
      )}
      <Violations found={broken} onMend={() => undefined} />
    </div>
  );
}

async function tell(index: number): Promise<void> {
  const of = projection.value;
  if (!of?.scenario) {
    return;
  }
  const asked: Told = { of: of.name, index, sentences: null, fault: "" };
  told.value = asked;
  try {
    const { entries } = await projections.replayPath({ source: { case: "scenario", value: of.scenario }, seed: of.seed, pathIndex: BigInt(index) });
    if (told.value === asked) {
      told.value = { ...asked, sentences: entries.map(({ sentence }) => sentence) };
    }
  } catch (error) {
    const found = faultOf(error);
    told.value = { ...asked, fault: "message" in found ? found.message : "The service cannot be reached." };
  }
}

function Telling({ told: { index, sentences, fault } }: { told: Told }) {
  return (
    <section class="told" aria-label={`Future ${index}`}>
      <div class="heading">
        <h2>Future {index}, told</h2>
        <button type="button" class="plain" onClick={() => { told.value = null; }}>Close</button>
      </div>
      {fault && <p role="alert">{typeset(fault)}</p>}
      {sentences && <ol>{sentences.map((sentence, step) => <li key={step}>{typeset(sentence)}</li>)}</ol>}
    </section>
  );
}

/** What a reader should know before relying on the picture. */
function Warnings() {
  const warnings = projection.value?.warnings ?? [];
  return <>{warnings.map(({ code, message, field }) => <p class="warning" key={code + field}>{typeset(message)}</p>)}</>;
}

