import type { CapPassage, Projection } from "../gen/scenarios/v1/projection_pb";
import { chance, shareError } from "../numbers/chances";
import { computed } from "../numbers/figures";
import { levelWords } from "../numbers/levels";
import { shareAt } from "./curves";
import { ceilingOf, chanceOf } from "./reading";

/** What stands at the right end of a line, in place of a legend. */
export interface EndLabel {
  readonly value: number;
  readonly figure: string;
  readonly words: string;
  readonly isMedian: boolean;
}

/** Labels are no nearer to one another than this, in pixels. */
const spacing = 15;

const labelled = [0.05, 0.25, 0.5, 0.75, 0.95];

/** From the top down. Lines that end in one point share a label that says how many futures end there. */
export function endLabels(projection: Projection): EndLabel[] {
  const end = projection.points.at(-1)?.cumulative;
  if (!end) {
    return [];
  }

  const levels = projection.quantileLevels;
  const groups = new Map<number, number[]>();
  for (const index of labelledLevels(levels)) {
    const value = end.quantiles[index]!;
    groups.set(value, [...(groups.get(value) ?? []), index]);
  }

  const ceiling = ceilingOf(projection.scenario);
  return [...groups]
    .map(([value, indices]): EndLabel => {
      const isMedian = indices.some((index) => levels[index] === 0.5);
      const words =
        ceiling !== null && !ceiling.moves && value === ceiling.count && projection.cap
          ? atCeiling(projection.cap, Number(projection.paths))
        : indices.length > 1 ? atCount(projection, value, levels[indices.at(-1)!]! - levels[indices[0]!]!)
        : levelWords(levels[indices[0]!]!);
      return { value, figure: computed(value, end.quantileStandardErrors[indices[0]!]!).value, words, isMedian };
    })
    .sort((one, other) => other.value - one.value);
}

/** Levels that end in one count: the share of futures that does, or what it is at least where the service tells no more. */
function atCount(projection: Projection, value: number, least: number): string {
  const end = projection.points.at(-1)!.day;
  const histogram = projection.histograms.find(({ day }) => day === end);
  const share = histogram ? shareAt(histogram, value) : null;
  if (share === 1) {
    return "all end here";
  }

  return share === null ? `at least ${percent(least)} here` : `${chance(share, shareError(share, Number(projection.paths)), Number(projection.paths))} here`;
}

/** An atom says so. "about" leaves no room for more than "here". */
function atCeiling(cap: CapPassage, paths: number): string {
  const { figure } = chanceOf(cap.reachedProbability, cap.reachedProbabilityStandardError, paths);
  return figure.startsWith("about") ? `${figure} here` : `${figure} end here`;
}

/**
 * Where labels stand: as near to the wanted places as the distance between them leaves room. Shifted down, and up again where the
 * lowest would leave the picture; never dropped.
 */
export function placeLabels(wanted: readonly number[], lowest: number, gap = spacing): number[] {
  const placed: number[] = [];
  for (const [index, place] of wanted.entries()) {
    placed.push(index === 0 ? place : Math.max(place, placed[index - 1]! + gap));
  }

  for (let index = placed.length - 1; index >= 0; index--) {
    placed[index] = Math.min(placed[index]!, index === placed.length - 1 ? lowest : placed[index + 1]! - gap);
  }

  return placed;
}

/** All levels where these are few, else the outermost and those nearest to the usual ones. */
function labelledLevels(levels: readonly number[]): number[] {
  if (levels.length <= labelled.length) {
    return levels.map((_, index) => index);
  }

  const nearest = labelled.map((wanted) =>
    levels.reduce((best, level, index) => (Math.abs(level - wanted) < Math.abs(levels[best]! - wanted) ? index : best), 0));
  return [...new Set(nearest)];
}

function percent(share: number): string {
  return `${Math.round(share * 1e4) / 100}\u00a0%`;
}
