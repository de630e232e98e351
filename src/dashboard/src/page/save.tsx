import { clone } from "@bufbuild/protobuf";
import { signal } from "@preact/signals";
import { type Fault, faultOf } from "../asking/faults";
import { type Scenario, ScenarioSchema } from "../gen/scenarios/v1/scenario_pb";
import { currency, edits, isShipped, open, opened, projected, saved, view } from "../page";
import { scenarios } from "../service";
import { idOf } from "../titles";
import { typeset } from "../typeset";
import { Menu } from "./menu";
import { Gone } from "./notes";

const isOpen = signal(false);
const isBusy = signal(false);
const refused = signal<Fault | null>(null);
const name = signal("");
const id = signal("");

/** Keeps what the reader has changed: as a revision of the scenario, or as one of its own. */
export function Save() {
  const subject = opened.value;
  if (!subject) {
    return <span class="menu">Save</span>;
  }
  const asProjected = projected.value?.scenario;
  const isReady = asProjected !== undefined && currency.value === "current" && !isBusy.value;
  const isOwn = subject.subject.kind === "scenario" && !isShipped(subject.subject.name);
  const isChanged = Object.keys(edits.value).length > 0 || view.value.counts.length > 0;
  return (
    <Menu
      label={<>Save{isChanged && <span class="mark" title="changed"> •<span class="unseen"> changed</span></span>}</>}
      isOpen={isOpen.value}
      onToggle={(open) => {
        isOpen.value = open;
        name.value ||= `${subject.scenario.displayName}, variant`;
      }}
    >
      <div class="panel">
        {isOwn && (
          <p>
            <button
              type="button"
              class="button"
              disabled={!isReady || !isChanged}
              onClick={() => void keep(revision(asProjected!, subject.scenario))}
            >
              Save as a revision
            </button>
            <span class="quiet"> of {subject.scenario.displayName}. Older projections keep their text.</span>
          </p>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const own = withCounts(asProjected!);
            own.displayName = name.value;
            void keep(() => scenarios.createScenario({ scenario: own, scenarioId: id.value || idOf(name.value) }));
          }}
        >
          <label class="field">
            <span>Save as a scenario of its own: name</span>
            <input type="text" maxLength={200} required value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />
          </label>
          <label class="field">
            <span>Id</span>
            <input
              type="text" spellcheck={false} pattern="[a-z]([a-z0-9\-]{0,61}[a-z0-9])?" placeholder={idOf(name.value)} value={id.value}
              onInput={(event) => { id.value = event.currentTarget.value; }}
            />
          </label>
          <button type="submit" class="button" disabled={!isReady}>Save as new</button>
        </form>
        {refused.value && <Refused fault={refused.value} />}
      </div>
    </Menu>
  );
}

/** Who wants to save is told what came in between, and what can be done. */
function Refused({ fault }: { fault: Fault }) {
  // What the service says of a conflict names the etags of both, which are nothing to a reader.
  const message = fault.kind === "conflict" ? "Somebody else has changed this scenario since you opened it. Nothing was saved."
    : "message" in fault ? fault.message : "The service cannot be reached: nothing was saved.";
  const { subject } = opened.value!;
  if (fault.kind === "missing" && subject.kind === "scenario") {
    return <Gone message={message} />;
  }
  return (
    <div class="note err">
      <p role="alert"><strong>{typeset(message)}</strong></p>
      {fault.kind === "conflict" && subject.kind === "scenario" && (
        <p>
          <button
            type="button"
            class="button"
            onClick={() => {
              isOpen.value = false;
              refused.value = null;
              open(subject);
            }}
          >
            Open the newest revision
          </button>
          <span> Your changes go; save them as a scenario of its own to keep them.</span>
        </p>
      )}
    </div>
  );
}

/** The scenario with the counts that the reader has added: they are a part of what is asked of it. */
function withCounts(asProjected: Scenario): Scenario {
  const next = clone(ScenarioSchema, asProjected);
  next.thresholds = [...new Set([...next.thresholds, ...view.value.counts.map(BigInt)])].sort((one, other) => Number(one - other));
  return next;
}

/** The scenario with the reader's changes in place of the revision that was opened, unless there is a newer one. */
function revision(asProjected: Scenario, was: Scenario): () => Promise<Scenario> {
  const next = withCounts(asProjected);
  next.name = was.name;
  next.etag = was.etag;
  return () => scenarios.updateScenario({ scenario: next, updateMask: { paths: ["*"] } });
}

async function keep(call: () => Promise<Scenario>): Promise<void> {
  isBusy.value = true;
  refused.value = null;
  try {
    saved(await call());
    isOpen.value = false;
    name.value = "";
    id.value = "";
  } catch (error) {
    refused.value = faultOf(error);
  } finally {
    isBusy.value = false;
  }
}
