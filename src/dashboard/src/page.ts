import { clone, create, fromJsonString } from "@bufbuild/protobuf";
import { batch, computed, effect, signal } from "@preact/signals";
import { type Address, formatAddress, parseAddress, type Subject } from "./address";
import { assumptionOf, type Quantity, required } from "./assumptions";
import { Asking, pathsAtRest, type Surroundings } from "./asking/asking";
import { type Fault, faultOf } from "./asking/faults";
import { type Edits, isSame, type Question } from "./asking/question";
import { WhatIfs } from "./asking/whatifs";
import { footnotesOf } from "./footnotes";
import type { Distribution } from "./gen/scenarios/v1/distribution_pb";
import { Progress_State, ProjectResponseSchema } from "./gen/scenarios/v1/projection_service_pb";
import { type Scenario, ScenarioSchema } from "./gen/scenarios/v1/scenario_pb";
import { addDays, dayNumber, isoDate } from "./numbers/dates";
import { isServing, projections, scenarios } from "./service";
import type { Currency, ReaderView } from "./view";

/** What the page is about. */
export interface Opened {
  readonly subject: Subject;
  /** The scenario, before the reader's edits. */
  readonly scenario: Scenario;
  readonly seed: bigint;
}

/** How far opening what the address names has come. */
export type Opening =
  | { readonly kind: "opening" }
  | { readonly kind: "open" }
  /** Nothing is chosen, or what was chosen is not there: the ways in, with the reason. */
  | { readonly kind: "ways"; readonly reason: string }
  /** It could not be opened; where that may change by itself, it is tried again at an instant. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly until: number };

/** How a change comes about: the steps of one gesture are one step back. */
export type Pace = "drag" | "rest";

/** Changes within this time of each other are one gesture. */
const gestureMs = 1_000;
const trailingMs = 250;

const firstScenario = "scenarios/dprk-rotation";

/** Whether a scenario came with the service: it is everybody's, and what a reader makes of it is a scenario of its own. */
export const isShipped = (name: string): boolean => name === firstScenario;

const usualSeed = 1n;
const retryMs = 2_000;

const surroundings: Surroundings = {
  project: (request, abort) => projections.project(request, { signal: abort }),
  isServing,
  onFrame: (callback) => void requestAnimationFrame(callback),
  isHidden: () => document.hidden,
};

export const asking = new Asking(surroundings);
export const whatIfs = new WhatIfs(surroundings);

export const opening = signal<Opening>({ kind: "opening" });
export const opened = signal<Opened | null>(null);
export const stored = signal<readonly Scenario[]>([]);
/** Which revision of its scenario is open, counted from the first; null where that is not known, or there is none. */
export const revision = signal<number | null>(null);
export const edits = signal<Edits>({});
export const view = signal<ReaderView>({ at: null, counts: [], showFutures: false, showPresent: true, showTable: false });

/** Distributions being dragged, by the key of their edit: known here before the service has read their text. */
export const drafts = signal<Readonly<Record<string, Distribution>>>({});

/** The projection on the page. */
export const projection = computed(() => asking.answer.value?.response.projection ?? null);

/** What all snapshots of one projection have in common, for it is in their name. */
interface Projected {
  readonly name: string;
  readonly seed: bigint;
  /** The scenario as projected. */
  readonly scenario: Scenario;
}

let lastProjected: Projected | null = null;

/** The same object through all snapshots of one projection: what shows nothing else is not drawn again for each of them. */
export const projected = computed<Projected | null>(() => {
  const shown = projection.value;
  if (!shown?.scenario) {
    return null;
  }
  const { name, seed, scenario } = shown;
  lastProjected = lastProjected?.name === name ? lastProjected : { name, seed, scenario };
  return lastProjected;
});

/** The scenario as projected; before there is an answer, as opened. */
export const scenario = computed(() => projected.value?.scenario ?? opened.value?.scenario ?? null);

/** Its sources, as the printed page numbers them. */
export const footnotes = computed(() => (scenario.value ? footnotesOf(scenario.value) : []));

/** What nothing can be projected without, and nobody has said yet. */
export const missing = computed<readonly Quantity[]>(() => {
  const given = opened.value?.scenario.assumptions;
  return required.filter((quantity) => assumptionOf(given, quantity) === undefined && edits.value[quantity] === undefined);
});

/** Whether the answer on the page stands for what the page says. */
export const currency = computed<Currency>(() => {
  const standing = asking.standing.value;
  return standing.kind === "waiting" || standing.kind === "refused" || (standing.kind === "asked" && standing.isMissed) ? "stale" : "current";
});

/** What is wrong at the fields of the page, or with all of it. */
export const fault = computed(() => {
  const standing = asking.standing.value;
  return standing.kind === "refused" ? standing.fault : null;
});

const past: Edits[] = [];
/** What was taken back, the last first to come again; another edit ends it. */
const taken: Edits[] = [];
let lastChange = { key: "", at: 0 };
let trailing: ReturnType<typeof setTimeout> | undefined;

/** Opens what the address of the browser names, and follows it from there. */
export function start(): void {
  addEventListener("popstate", () => void follow(parseAddress(location)));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      asking.onShown();
    }
  });
  addEventListener("online", () => asking.tryNow());
  effect(() => {
    const name = opening.value.kind === "open" && opened.value?.scenario.displayName;
    document.title = name ? `${name} · Scenarios` : "Scenarios";
  });
  effect(() => {
    const answer = asking.answer.value;
    const isWhole = asking.standing.value.kind === "done" && answer?.response.progress?.pathsRequested === BigInt(pathsAtRest);
    if (isWhole && answer?.response.projection) {
      whatIfs.ask(answer.question, answer.response.projection);
    }
  });
  void follow(parseAddress(location));
}

/** Opens something else; the address follows. */
export function open(subject: Subject): void {
  history.pushState(null, "", formatAddress({ ...currentAddress(), subject, at: null, counts: [], edits: {} }));
  void follow(parseAddress(location), true);
}

/** Opens a scenario that a reader gives as a JSON file. */
export function openFile(json: string): void {
  const given = fromJsonString(ScenarioSchema, json, { ignoreUnknownFields: false });
  history.pushState(null, "", formatAddress({ ...currentAddress(), subject: { kind: "blank" }, at: null, counts: [], edits: {} }));
  batch(() => {
    edits.value = {};
    drafts.value = {};
    view.value = { ...view.value, at: null, counts: [] };
    enter({ subject: { kind: "blank" }, scenario: given, seed: usualSeed });
  });
  ask("rest");
}

/** Takes the scenario as saved: what the reader changed is now what it says. */
export function saved(scenario: Scenario): void {
  batch(() => {
    edits.value = {};
    drafts.value = {};
    view.value = { ...view.value, counts: view.value.counts.filter((count) => !scenario.thresholds.includes(BigInt(count))) };
    enter({ subject: { kind: "scenario", name: scenario.name }, scenario, seed: opened.value?.seed ?? usualSeed }, "keep");
  });
  history.pushState(null, "", formatAddress(currentAddress()));
  ask("rest");
  void list();
}

/** Whether the scenario that is open has been deleted meanwhile: what the page says of it is all there is left. */
export const isGone = computed(() => fault.value?.kind === "missing" && opened.value?.subject.kind === "scenario");

/** Saves the scenario that was deleted meanwhile once more, under its own name; the reader's edits stay edits. */
export async function saveAnew(): Promise<void> {
  const { subject, scenario } = opened.value!;
  if (subject.kind !== "scenario") {
    return;
  }
  const again = clone(ScenarioSchema, scenario);
  again.etag = "";
  const created = await scenarios.createScenario({ scenario: again, scenarioId: subject.name.replace(/^scenarios\/|@.*$/g, "") });
  enter({ subject: { kind: "scenario", name: created.name }, scenario: created, seed: opened.value!.seed }, "keep");
  ask("rest");
  void list();
}

/** Gives a key of the overrides another text; null: as saved. */
export function edit(key: string, text: string | null, pace: Pace, draft?: Distribution): void {
  if (edits.value[key] === (text ?? undefined) && !draft) {
    return;
  }
  const next = { ...edits.value };
  if (text === null) {
    delete next[key];
  } else {
    next[key] = text;
  }
  const { [key]: _, ...others } = drafts.value;
  const isFirst = begins(key);
  taken.length = 0;
  if (isFirst) {
    past.push(edits.value);
  }
  batch(() => {
    edits.value = next;
    drafts.value = draft ? { ...others, [key]: draft } : others;
  });
  remember(isFirst ? "push" : "replace");
  ask(pace);
}

/** Takes the last edit back. */
export const undo = () => step(past, taken);

/** Makes the edit again that was taken back last. */
export const redo = () => step(taken, past);

function step(from: Edits[], to: Edits[]): void {
  const next = from.pop();
  if (next) {
    to.push(edits.value);
    batch(() => {
      edits.value = next;
      drafts.value = {};
    });
    lastChange = { key: "", at: 0 };
    remember("push");
    ask("rest");
  }
}

/** Changes what the reader looks at. */
export function look(change: Partial<ReaderView>): void {
  view.value = { ...view.value, ...change };
  if (change.at !== undefined) {
    // Following the crosshair is no step that anybody would go back to, and browsers refuse addresses that change too often.
    clearTimeout(trailing);
    trailing = setTimeout(() => remember("replace"), trailingMs);
    return;
  }
  remember(begins(Object.keys(change).join()) ? "push" : "replace");
  if (change.counts) {
    ask("rest");
  }
}

/** Shows a token and goes on where the service refused for want of it. */
export function retry(): void {
  if (opened.value) {
    ask("rest");
  } else {
    void follow(parseAddress(location));
  }
}

/** The permanent address of what is on the page, with the reader's view of it; null while that is not all there. */
export const permanentAddress = computed(() => {
  const name = projected.value?.name;
  return name && currency.value === "current" && asking.standing.value.kind === "done"
    ? formatAddress({ ...currentAddress(), subject: { kind: "projection", name }, counts: [], edits: {} })
    : null;
});

/** Shows what an address names; what it names is fetched again where it is another, or may have changed. */
async function follow(address: Address, isAnew = false): Promise<void> {
  const { subject } = address;
  const isSubject = !isAnew && (JSON.stringify(opened.value?.subject) === JSON.stringify(subject)
    || (subject.kind === "first" && opened.value?.subject.kind === "scenario" && opened.value.subject.name === firstScenario));
  if (isSubject && opening.value.kind === "open") {
    see(address);
    ask("rest");
    return;
  }
  opening.value = { kind: "opening" };
  void list();
  try {
    switch (subject.kind) {
      case "none":
        opening.value = { kind: "ways", reason: "" };
        return;
      case "projection":
        await openProjection(subject.name, address);
        return;
      case "blank":
        enter({ subject, scenario: blank(), seed: usualSeed });
        break;
      default: {
        const name = subject.kind === "first" ? firstScenario : subject.name;
        enter({ subject: { kind: "scenario", name }, scenario: await scenarios.getScenario({ name }), seed: usualSeed });
      }
    }
    see(address);
    ask("rest");
  } catch (error) {
    refuse(faultOf(error));
  }
}

/** Opens a finished projection: its figures, not those of another run of the same scenario. */
async function openProjection(name: string, address: Address): Promise<void> {
  const kept = await projections.getProjection({ name });
  const given = kept.scenario!;
  const thresholds = given.thresholds.map(Number);
  const counts = kept.thresholds.map(({ count }) => Number(count)).filter((count) => !thresholds.includes(count));
  enter({ subject: { kind: "projection", name }, scenario: given, seed: kept.seed });
  see({ ...address, counts: [...new Set([...counts, ...address.counts])] });
  const question: Question = { scenario: given, storedAs: "", edits: {}, counts, seed: kept.seed };
  asking.take(question, create(ProjectResponseSchema, {
    projection: kept,
    progress: { state: Progress_State.COMPLETED, pathsCompleted: kept.paths, pathsRequested: kept.paths },
  }));
  if (!isSame(question, currentQuestion()!)) {
    ask("rest");
  }
}

function refuse(found: Fault): void {
  if (found.kind === "missing" || found.kind === "rules") {
    opening.value = { kind: "ways", reason: found.message };
    return;
  }
  if (found.kind !== "lost" && found.kind !== "busy") {
    opening.value = { kind: "fault", fault: found, until: 0 };
    return;
  }
  const wait = Math.max(found.retryAfter ?? 0, retryMs);
  opening.value = { kind: "fault", fault: found, until: Date.now() + wait };
  setTimeout(() => {
    if (opening.value.kind === "fault") {
      void follow(parseAddress(location));
    }
  }, wait);
}

function enter(next: Opened, answer: "drop" | "keep" = "drop"): void {
  past.length = 0;
  taken.length = 0;
  batch(() => {
    if (answer === "drop") {
      asking.drop();
    }
    whatIfs.drop();
    opened.value = next;
    revision.value = null;
    opening.value = { kind: "open" };
  });
  void number(next.scenario);
}

/** Finds which revision a scenario is: the service names them, and lists them. */
async function number({ name, revisionId }: Scenario): Promise<void> {
  if (name === "" || revisionId === "") {
    return;
  }
  try {
    const { scenarios: revisions, nextPageToken } = await scenarios.listScenarioRevisions({ name: name.replace(/@.*/, ""), pageSize: 1000 });
    const place = revisions.findIndex((candidate) => candidate.revisionId === revisionId);
    if (opened.value?.scenario.revisionId === revisionId && place >= 0 && nextPageToken === "") {
      revision.value = revisions.length - place;
    }
  } catch {
    // The page does without: the permanent name says which text was projected.
  }
}

/** Takes over the reader's view and edits from an address. */
function see(address: Address): void {
  const { startDate } = opened.value!.scenario;
  const at = address.at && startDate ? snapped(dayNumber(parsedDate(address.at)) - dayNumber(startDate)) : null;
  batch(() => {
    edits.value = address.edits;
    drafts.value = {};
    view.value = {
      at,
      counts: address.counts,
      showFutures: address.showFutures,
      showPresent: address.showPresent,
      showTable: address.showTable,
    };
  });
}

/** The grid day nearest to a day; null beyond the horizon. */
function snapped(day: number): number | null {
  const { horizonDays, stepDays } = opened.value!.scenario;
  return day < 0 || day > horizonDays ? null : Math.min(Math.round(day / stepDays) * stepDays, horizonDays);
}

/** The date that is written "2026-02-01". */
export function parsedDate(iso: string): { year: number; month: number; day: number } {
  const [year = 1, month = 1, day = 1] = iso.split("-").map(Number);
  return { year, month, day };
}

function ask(pace: Pace): void {
  const question = currentQuestion();
  if (!question || missing.value.length > 0) {
    return;
  }
  const answered = asking.answer.value?.question;
  if (pace === "rest" && answered && isSame(answered, question) && asking.standing.value.kind === "done") {
    return;
  }
  whatIfs.stop();
  if (pace === "drag") {
    asking.drag(question);
  } else {
    asking.ask(question);
  }
}

function currentQuestion(): Question | null {
  const subject = opened.value;
  return subject && {
    scenario: subject.scenario,
    storedAs: subject.subject.kind === "scenario" ? subject.subject.name : "",
    edits: edits.value,
    counts: view.value.counts,
    seed: subject.seed,
  };
}

function currentAddress(): Address {
  const { at, counts, showFutures, showPresent, showTable } = view.value;
  const startDate = opened.value?.scenario.startDate;
  const subject = opened.value?.subject ?? { kind: "first" };
  return {
    subject: subject.kind === "scenario" && subject.name === firstScenario ? { kind: "first" } : subject,
    at: at !== null && startDate ? isoDate(addDays(startDate, at)) : null,
    counts,
    showFutures,
    showPresent,
    showTable,
    edits: edits.value,
  };
}

/** Whether a change is the first step of a gesture: those of one gesture follow each other, and are one step back. */
function begins(key: string): boolean {
  const now = performance.now();
  const isFirst = lastChange.key !== key || now - lastChange.at > gestureMs;
  lastChange = { key, at: now };
  return isFirst;
}

/** Writes what is on the page into the address. */
function remember(how: "push" | "replace"): void {
  clearTimeout(trailing);
  const address = formatAddress(currentAddress());
  if (address !== location.pathname + location.search + location.hash) {
    history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  }
}

async function list(): Promise<void> {
  try {
    stored.value = (await scenarios.listScenarios({ pageSize: 1000 })).scenarios;
  } catch {
    // The picker shows what is open; what else there is, it learns when the page next asks.
  }
}

function blank(): Scenario {
  const now = new Date();
  return create(ScenarioSchema, {
    displayName: "A new scenario",
    startDate: { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() },
    horizonDays: 730,
    stepDays: 7,
    assumptions: {},
  });
}
