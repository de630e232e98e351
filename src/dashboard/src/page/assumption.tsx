import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  assumptionOf, familyName, largestCount, nameOf, nounOf, type Quantity, quantities, required, rotation, spoken, type Spoken, unitOf,
} from "../assumptions";
import { DistributionEditorPlot, DistributionThumb, quantileOf, RotationThumb } from "../charts";
import { endsOf, inFamily, type Offered, offered, withEnds } from "../distributions";
import type { Distribution } from "../gen/scenarios/v1/distribution_pb";
import {
  type Assumption, Assumption_Resampling as Resampling, Assumptions_RotationMode as RotationMode,
} from "../gen/scenarios/v1/scenario_pb";
import { notationOf } from "../notation";
import { drafts, edit, edits, opened, type Pace, scenario } from "../page";
import { editing } from "./editing";
import { Noted, Sources } from "./sources";
import { Span } from "./span";
import { Violations, violationsAt } from "./violations";

/** Quantities that the reader adds: they have an editor and no value yet. */
const added = signal<readonly Quantity[]>([]);

const typingMs = 300;

/** What is assumed, each with its sources. */
export function AssumptionList() {
  const given = scenario.value;
  if (!given) {
    return null;
  }
  const isThere = (quantity: Quantity) =>
    assumptionOf(given.assumptions, quantity) !== undefined || required.includes(quantity) || quantity in edits.value || added.value.includes(quantity);
  const missing = quantities.filter((quantity) => !isThere(quantity));
  return (
    <section class="assumptions" aria-labelledby="assumptions">
      <div class="heading">
        <h2 id="assumptions">Assumptions</h2>
        <p class="key"><span class="dot reported" /> reported <span class="dot judged" /> judged</p>
      </div>
      {quantities.filter(isThere).map((quantity) => <Row key={quantity} quantity={quantity} />)}
      <RotationRow />
      <Span />
      {missing.length > 0 && (
        <label class="add">
          <span class="unseen">Add an assumption</span>
          <select
            value=""
            onChange={(event) => {
              const quantity = missing.find((candidate) => candidate === event.currentTarget.value);
              if (quantity) {
                added.value = [...added.value, quantity];
                editing.value = quantity;
                if (quantity === "tour_length_days" && rotationMode() !== "REINFORCE") {
                  // Those who stay a time of their own are relieved by nobody: without that choice a stay can only be refused.
                  edit("rotation_mode", "REINFORCE", "rest");
                }
              }
            }}
          >
            <option value="">Add an assumption…</option>
            {missing.map((quantity) => <option key={quantity} value={quantity}>{nameOf(quantity, given)}</option>)}
          </select>
        </label>
      )}
    </section>
  );
}

/** What rotations do as it is saved, and as the reader has it now. */
const savedRotation = (): string => RotationMode[opened.value?.scenario.assumptions?.rotationMode ?? 0]!;
const rotationMode = (): string => edits.value.rotation_mode ?? savedRotation();

function RotationRow() {
  const given = scenario.value!;
  const mode = rotationMode();
  const says = rotation(RotationMode[mode as keyof typeof RotationMode] ?? 0);
  const isAsked = "tour_length_days" in edits.value || added.value.includes("tour_length_days") || given.assumptions?.tourLengthDays !== undefined;
  const violations = violationsAt("rotation_mode");
  if (!says && !isAsked && !("rotation_mode" in edits.value)) {
    return null;
  }
  return (
    <div class={`row ${violations.length > 0 ? "broken" : ""}`}>
      <div class="facts">
        <div>
          <h3>What a rotation does<Noted of="rotation_mode" /></h3>
          {says ? <Value said={says} /> : <span class="value">Not given</span>}
        </div>
        <RotationThumb relieves={mode === "RELIEVE"} />
      </div>
      {(isAsked || "rotation_mode" in edits.value) && (
        <div class="families" role="radiogroup" aria-label="What a rotation does">
          {(["RELIEVE", "REINFORCE"] as const).map((choice) => (
            <label key={choice} class={`family ${mode === choice ? "chosen" : ""}`}>
              <input type="radio" class="unseen" name="rotation_mode" checked={mode === choice} onChange={() => chooseRotation(choice)} />
              {rotation(RotationMode[choice])!.value.toLowerCase()}
            </label>
          ))}
        </div>
      )}
      <Violations found={violations} onMend={chooseRotation} />
      <Sources evidence={given.assumptions?.rotationModeEvidence ?? []} hasRange />
    </div>
  );
}

/** Gives what a rotation does; what is saved is no change. */
function chooseRotation(mode: string): void {
  edit("rotation_mode", mode === savedRotation() ? null : mode, "rest");
}

/** The ways out of a stay that nobody has who is relieved. */
function StayMends() {
  return rotationMode() === "REINFORCE" ? null : (
    <p class="mends">
      <button type="button" class="button" onClick={() => chooseRotation("REINFORCE")}>Those who arrive reinforce</button>
      <button
        type="button"
        class="button"
        onClick={() => {
          const isSaved = opened.value?.scenario.assumptions?.tourLengthDays !== undefined;
          added.value = added.value.filter((quantity) => quantity !== "tour_length_days");
          edit("tour_length_days", isSaved ? "none" : null, "rest");
        }}
      >
        Leave the stay out
      </button>
    </p>
  );
}

function Row({ quantity }: { quantity: Quantity }) {
  const given = scenario.value!;
  const assumption = assumptionOf(given.assumptions, quantity);
  const text = edits.value[quantity];
  const violations = violationsAt(quantity);
  const isRefused = violations.length > 0;
  // While the service has not read a text, only its draft, if there is one, says what it means.
  const distribution = drafts.value[quantity] ?? (isRefused ? undefined : assumption?.distribution);
  const said: Spoken = distribution ? spoken(distribution, unitOf(quantity))
    : { value: text ?? "", aside: "", note: "" };
  const isOpen = editing.value === quantity || isRefused;
  const wasSaid = assumptionOf(opened.value?.scenario.assumptions, quantity)?.distribution;
  const name = nameOf(quantity, given);
  return (
    <div class={`row ${isOpen ? "open" : ""} ${isRefused ? "broken" : ""}`}>
      <div class="facts">
        <div>
          <h3>{name}<Noted of={quantity} /></h3>
          {isOpen ? <Value said={said} /> : (
            <button
              type="button"
              class="opener"
              aria-expanded="false"
              aria-label={`Edit ${nounOf(quantity)}: ${[said.value || "Not given", said.aside, said.note].filter(Boolean).join(" ")}`}
              onClick={() => {
                editing.value = quantity;
              }}
            >
              <Value said={said.value ? said : { ...said, value: "Not given" }} />
            </button>
          )}
        </div>
        <div class="beside">
          {distribution && (
            <div class={isOpen ? "on-paper" : ""}>
              <DistributionThumb distribution={distribution} among={unitOf(quantity) === "" ? largestCount(given) : undefined} />
            </div>
          )}
          {isOpen && (
            <button
              type="button"
              class="toggle"
              aria-expanded="true"
              aria-label={`Close ${nounOf(quantity)}`}
              onClick={() => {
                editing.value = null;
              }}
            >
              Close
            </button>
          )}
        </div>
      </div>
      {isOpen && (
        <Editor quantity={quantity} name={name} distribution={distribution}>
          <Violations found={violations} onMend={(mended) => change(quantity, mended, "rest")} />
          {isRefused && quantity === "tour_length_days" && <StayMends />}
        </Editor>
      )}
      {assumption && <Drawn assumption={assumption} quantity={quantity} isOpen={isOpen} />}
      {text !== undefined && (
        <p class="changed">
          <span>Changed.</span>
          <button type="button" class="button" onClick={() => edit(quantity, null, "rest")}>
            {wasSaid ? `Back to ${spoken(wasSaid, unitOf(quantity)).value}` : "Leave it out"}
          </button>
        </p>
      )}
      <Sources evidence={assumption?.evidence ?? []} hasRange={distribution?.family.case !== "constant"} />
    </div>
  );
}

/** Gives a quantity another text; the one that is saved is no change. */
function change(quantity: Quantity, text: string, pace: Pace, draft?: Distribution): void {
  const saved = assumptionOf(opened.value?.scenario.assumptions, quantity)?.distribution;
  edit(quantity, saved && notationOf(saved) === text ? null : text, pace, draft);
}

function Value({ said }: { said: Spoken }) {
  return (
    <>
      <span class="value">{said.value}{said.aside && <span class="aside"> {said.aside}</span>}</span>
      {said.note && <span class="means"> {said.note}</span>}
    </>
  );
}

/** How often it is drawn, and what is uncertain about the whole of a future; of a row that is closed only where there is such a thing. */
function Drawn({ assumption, quantity, isOpen }: { assumption: Assumption; quantity: Quantity; isOpen: boolean }) {
  const each = { rotation_interval_days: "Each gap", batch_size: "Each batch", tour_length_days: "Each stay" } as const;
  const isPerBatch = assumption.resampling !== Resampling.PER_PATH;
  const factor = assumption.pathFactor;
  if (!isOpen && isPerBatch && !factor) {
    return null;
  }
  const subject = quantity in each ? each[quantity as keyof typeof each] : null;
  const parts = [
    subject && assumption.distribution?.family.case !== "constant" && (isPerBatch ? `${subject} is drawn anew.` : "One number in a future, not known to us."),
    factor && `A future’s typical ${typical[quantity]} is itself uncertain: × ${spoken(factor, "").value.replace(" to ", " to × ")}${factorAside(factor)}.`,
  ].filter(Boolean);
  return parts.length > 0 ? <p class="drawn">{parts.join(" ")}</p> : null;
}

const typical: Record<Quantity, string> = {
  initial_count: "number", rotation_interval_days: "gap", batch_size: "batch", cap: "ceiling", first_arrival_days: "first arrival", tour_length_days: "stay",
};

const factorAside = (factor: Distribution) => {
  const { aside } = spoken(factor, "");
  return aside && ` (${aside})`;
};

function Editor({ quantity, name, distribution, children }: {
  quantity: Quantity;
  name: string;
  distribution: Distribution | undefined;
  children: ComponentChildren;
}) {
  const unit = unitOf(quantity);
  const ends = distribution && endsOf(distribution);
  const inWords = [unit, distribution && familyName(distribution)].filter(Boolean).join(", ");
  const text = edits.value[quantity] ?? (distribution ? notationOf(distribution) : "");
  return (
    <div class="editor">
      <TextField quantity={quantity} name={name} text={text} aside={inWords}>{children}</TextField>
      {distribution && (
        <DistributionEditorPlot
          distribution={distribution}
          unit={unit}
          low={ends?.low}
          high={ends?.high}
          probability={ends?.probability}
          onDrag={(low, high) => {
            const next = withEnds(distribution, low, high);
            change(quantity, notationOf(next), "drag", next);
          }}
        />
      )}
      {distribution && (
        <div class="families" role="radiogroup" aria-label={`Family of ${nounOf(quantity)}`}>
          {offered.map((family) => (
            <FamilyChoice key={family} family={family} quantity={quantity} distribution={distribution} />
          ))}
        </div>
      )}
    </div>
  );
}

/** The interval that a quantity had before it was made one number. */
const intervals = new Map<Quantity, readonly [number, number]>();

function FamilyChoice({ family, quantity, distribution }: { family: Offered; quantity: Quantity; distribution: Distribution }) {
  const isChosen = familyName(distribution) === family;
  return (
    <label class={`family ${isChosen ? "chosen" : ""}`}>
      <input
        type="radio"
        class="unseen"
        name={`family-${quantity}`}
        checked={isChosen}
        onChange={() => {
          const [low, high] = [quantileOf(distribution, 0.05), quantileOf(distribution, 0.95)];
          const kept = intervals.get(quantity);
          if (low < high) {
            intervals.set(quantity, [low, high]);
          }
          // One number has no interval of its own: that of before comes back, unless it is about another number now.
          const isSame = kept !== undefined && inFamily("fixed", ...kept).family.value === low;
          const next = low < high ? inFamily(family, low, high) : isSame ? inFamily(family, ...kept) : spreadOut(family, low);
          change(quantity, notationOf(next), "rest", next);
        }}
      />
      {family}
    </label>
  );
}

/** A number given without a range has none to keep: a fifth to either side is something to start from. */
const spreadOut = (family: Offered, value: number) => (value > 0 ? inFamily(family, value * 0.8, value * 1.2) : inFamily(family, 0, 1));

function TextField({ quantity, name, text, aside, children }: {
  quantity: Quantity;
  name: string;
  text: string;
  aside: string;
  children: ComponentChildren;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const due = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isRefused = violationsAt(quantity).length > 0;
  useEffect(() => () => clearTimeout(due.current), []);
  const send = (value: string) => {
    clearTimeout(due.current);
    const isAsBefore = value.trim() === text;
    if (!isAsBefore) {
      change(quantity, value.trim(), "rest");
    }
  };
  const id = `edit-${quantity}`;
  return (
    <>
      <div class={`typed ${isRefused ? "refused" : ""}`}>
        <label class="unseen" for={id}>{name}, as a text</label>
        <input
          id={id}
          type="text"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          placeholder={quantity.endsWith("_days") ? "60 to 150" : "pert(4000, 10000, 15000)"}
          value={typed ?? text}
          aria-invalid={isRefused}
          aria-describedby={isRefused ? `${id}-fault` : undefined}
          onInput={(event) => {
            const { value } = event.currentTarget;
            setTyped(value);
            clearTimeout(due.current);
            due.current = setTimeout(() => send(value), typingMs);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              send(event.currentTarget.value);
              setTyped(null);
            } else if (event.key === "Escape") {
              setTyped(null);
              edit(quantity, null, "rest");
            }
          }}
          onBlur={(event) => {
            send(event.currentTarget.value);
            setTyped(null);
          }}
        />
        <span class="unit" aria-hidden="true">{aside}</span>
      </div>
      <div id={`${id}-fault`}>{children}</div>
    </>
  );
}

