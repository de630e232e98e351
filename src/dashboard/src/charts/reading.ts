import type { CapPassage, Histogram, Projection, ThresholdPassage } from "../gen/scenarios/v1/projection_pb";
import { Assumptions_CapBasis, Assumptions_RotationMode, Evidence_Kind, type Scenario } from "../gen/scenarios/v1/scenario_pb";
import { chance, chanceWord, shareError } from "../numbers/chances";
import { longDate, shortDate } from "../numbers/dates";
import { count, noBreak } from "../numbers/figures";
import { levelWords } from "../numbers/levels";
import { typeset } from "../typeset";
import { quantileOf } from "./distribution/shape";

/** What a projection says, in the terms in which the charts draw it. Pure functions of the message. */

/** A ceiling or threshold further out than this many times the rest would press the fan flat. */
const furthestLine = 2;

/** What the service tells where nothing else was asked. */
export const usualLevels = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Which of the quantile lines bound the bands; indices into the levels. */
export interface FanLevels {
  readonly outer: readonly [number, number] | null;
  readonly inner: readonly [number, number] | null;
  readonly median: number | null;
}

export function fanLevels(levels: readonly number[]): FanLevels {
  const last = levels.length - 1;
  const exact = levels.indexOf(0.5);
  const median = exact >= 0 ? exact : levels.length % 2 === 1 ? last / 2 : null;
  let inner: readonly [number, number] | null = null;
  for (let low = 1; low < last - low; low++) {
    if (inner === null || Math.abs(levels[low]! - 0.25) < Math.abs(levels[inner[0]]! - 0.25)) {
      inner = [low, last - low];
    }
  }

  return { outer: last >= 1 ? [0, last] : null, inner, median };
}

export interface Ceiling {
  readonly count: number;
  /** Events move it: a count at the ceiling need not stay there. */
  readonly moves: boolean;
  /** What a source reported of this very count; empty where none did. */
  readonly claim: string;
}

/** The ceiling, where it is one number and limits what is drawn. */
export function ceilingOf(scenario: Scenario | undefined): Ceiling | null {
  const assumptions = scenario?.assumptions;
  const family = assumptions?.cap?.distribution?.family;
  if (!assumptions || assumptions.capBasis === Assumptions_CapBasis.PRESENT || assumptions.cap?.pathFactor || family?.case !== "constant") {
    return null;
  }

  // A claim stands for the count that its source named, and not for what a reader put in its place.
  const reported = assumptions.cap?.evidence.find(
    (evidence) => evidence.kind === Evidence_Kind.REPORTED && evidence.claim.includes(count(family.value)));
  return {
    count: family.value,
    moves: scenario!.events.some((event) => !event.disabled && (event.effects?.capChange ?? 0) !== 0),
    claim: reported?.claim ?? "",
  };
}

/** Share of futures that the slice draws at least: what is left of it is thinner than a line. */
const drawnShare = 0.995;

/** The largest count that must be on the scale: that of the fan and of its slice, with its ceiling and thresholds where these are near. */
export function countTop(projection: Projection): number {
  const quantiles = projection.points.map((point) => point.cumulative?.quantiles.at(-1) ?? point.cumulative?.mean ?? 0);
  const fan = Math.max(...quantiles, ...projection.histograms.slice(-1).map(sliceTop)) || 1;
  return Math.max(fan, ...linesOf(projection.scenario).concat(projection.thresholds.map((row) => Number(row.count))).filter((line) => line <= fan * furthestLine));
}

function sliceTop({ edges, counts }: Histogram): number {
  const enough = counts.reduce((sum, bin) => sum + bin, 0) * drawnShare;
  let sum = 0;
  for (const [i, bin] of counts.entries()) {
    sum += bin;
    if (sum >= enough) {
      return edges[i + 1]!;
    }
  }

  return 0;
}

/** The same before anything is projected; null where the scenario has no count to go by. */
export function countTopOf(scenario: Scenario, thresholds: readonly number[]): number | null {
  const lines = [...linesOf(scenario), ...thresholds];
  return lines.length > 0 ? Math.max(...lines) : null;
}

function linesOf(scenario: Scenario | undefined): number[] {
  const ceiling = ceilingOf(scenario);
  return [...(scenario?.thresholds ?? []).map(Number), ...(ceiling ? [ceiling.count] : [])].filter((line) => line > 0);
}

/** Those present at any one time: one number all along, a fan of their own, or unknown. */
export type Present = { readonly kind: "constant"; readonly count: number; readonly relieved: boolean } | { readonly kind: "varies" } | null;

export function presentOf(projection: Projection): Present {
  const first = projection.points[0]?.present;
  if (!first) {
    return null;
  }

  const value = first.min;
  return projection.points.every(({ present }) => present?.min === value && present.max === value)
    ? { kind: "constant", count: value, relieved: projection.scenario?.assumptions?.rotationMode === Assumptions_RotationMode.RELIEVE }
    : { kind: "varies" };
}

/** The same before anything is projected, as far as the page can tell: a batch that relieves more than are there leaves fewer. */
export function presentAhead(scenario: Scenario | undefined): "constant" | "varies" | null {
  const assumptions = scenario?.assumptions;
  if (assumptions?.rotationMode === Assumptions_RotationMode.REINFORCE) {
    return "varies";
  }

  if (assumptions?.rotationMode !== Assumptions_RotationMode.RELIEVE) {
    return null;
  }

  const [initial, batch] = [assumptions.initialCount?.distribution, assumptions.batchSize?.distribution];
  return initial?.family.case === "constant" && batch !== undefined && quantileOf(batch, almostAll) <= initial.family.value ? "constant" : "varies";
}

/** No batch that matters is larger than this share of them. */
const almostAll = 0.999;

/** What the picture is of: "Troops sent in total". */
export function totalWords(scenario: Scenario | undefined): string {
  const words = [scenario?.noun, scenario?.verb].filter((word) => word);
  return capitalised([...words, words.length === 0 ? "the total" : "in total"].join(" "));
}

export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A count and when it is first reached. */
export interface Passage {
  /** Null: a ceiling that is not one number. */
  readonly count: number | null;
  readonly kind: "threshold" | "ceiling";
  readonly reached: ThresholdPassage | CapPassage;
}

/** Counts whose first passage is told: those of the answer; before it, those that will be asked for. */
export function thresholdsOf(projection: Projection | null, scenario: Scenario | undefined, added: readonly number[]): number[] {
  const counts = projection ? projection.thresholds.map((row) => row.count) : (scenario?.thresholds ?? []);
  return [...new Set([...counts.map(Number), ...(projection ? [] : added)])].sort((one, other) => one - other);
}

/** One row per count, ascending, the ceiling last. */
export function passagesOf(projection: Projection): Passage[] {
  const rows: Passage[] = [...projection.thresholds]
    .sort((one, other) => Number(one.count - other.count))
    .map((reached) => ({ count: Number(reached.count), kind: "threshold", reached }));
  if (projection.cap) {
    rows.push({ count: ceilingOf(projection.scenario)?.count ?? null, kind: "ceiling", reached: projection.cap });
  }

  return rows;
}

/** The date that a row is about: where an even chance lies, else 1 in 20. */
export interface Milestone {
  readonly words: string;
  readonly long: string;
  /** Where its circle stands; null where no such share gets there. */
  readonly mark: { readonly day: number; readonly level: number } | null;
}

export function milestoneOf({ reached }: Passage, paths: number): Milestone {
  for (const level of [0.5, ...reached.firstPassage.map((passage) => passage.level)]) {
    const passage = reached.firstPassage.find((candidate) => candidate.level === level);
    if (passage?.day === undefined || !passage.date) {
      continue;
    }

    if (passage.day === 0) {
      return { words: "reached from the start", long: "reached from the start", mark: null };
    }

    const share = level < 0.5 ? levelWords(level).replace(" below", "") : level === 0.5 ? "even chance" : chance(level, 0, paths);
    return {
      words: `${share} by ${shortDate(passage.date)}`,
      long: `${share} by ${longDate(passage.date)}`,
      mark: { day: passage.day, level },
    };
  }

  const words = reachedChance(reached, paths);
  return { words, long: words, mark: null };
}

function reachedChance(reached: Passage["reached"], paths: number): string {
  const figure = chance(reached.reachedProbability, reached.reachedProbabilityStandardError, paths);
  return reached.reachedProbability === 0 ? figure : `${figure} by the horizon`;
}

/** A chance as a figure and a word; what was seen in no future says of how many in the place of the word. */
export interface ChanceWords {
  readonly figure: string;
  readonly word: string;
}

export function chanceOf(probability: number, standardError: number, paths: number): ChanceWords {
  if (probability === 0 || probability === 1) {
    return { figure: probability === 0 ? "none" : "all", word: `of ${count(paths)} futures` };
  }

  return { figure: chance(probability, standardError, paths), word: chanceWord(probability, paths) };
}

/** The chance of having reached a count by a reported point; at the last one with the service's own error. */
export function chanceAt({ reached }: Passage, index: number, paths: number): ChanceWords {
  const probability = reached.reachedProbabilityByPoint[index] ?? reached.reachedProbability;
  return chanceOf(probability, shareError(probability, paths), paths);
}

/** The share that never gets there within the horizon. */
export function neverOf({ reached }: Passage, paths: number): ChanceWords {
  return chanceOf(1 - reached.reachedProbability, reached.reachedProbabilityStandardError, paths);
}

/** A row in one sentence, for those who do not see it. */
export function passageSentence(passage: Passage, paths: number): string {
  const subject = passage.count === null ? "The ceiling" : passage.kind === "ceiling" ? `The ceiling of ${count(passage.count)}` : count(passage.count);
  const { reachedProbability, reachedProbabilityStandardError } = passage.reached;
  return `${subject}: ${milestoneOf(passage, paths).long}; ${chance(1 - reachedProbability, reachedProbabilityStandardError, paths)} never within the horizon.`;
}

/** Index of the reported point nearest to a day. */
export function nearestPoint(projection: Projection, day: number): number {
  const { points } = projection;
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.day < day) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }

  return low > 0 && day - points[low - 1]!.day <= points[low]!.day - day ? low - 1 : low;
}

/** "Ceiling 100,000: up to 100,000 may be deployed": the source's own words where a source reported it. */
export function ceilingWords(ceiling: Ceiling, above: boolean): { name: string; claim: string } {
  const claim = typeset(ceiling.claim.replace(/\.$/, ""));
  const second = claim.charAt(1);
  const lowered = second === second.toLowerCase() ? claim.charAt(0).toLowerCase() + claim.slice(1) : claim;
  return {
    name: `Ceiling${noBreak}${count(ceiling.count)}${ceiling.moves ? " before events" : ""}${above ? ", above this chart" : ""}`,
    claim: lowered,
  };
}
