import { count, errorStep, noBreak, singleLook } from "./figures";

/**
 * Chances with no more digits than are known, and in the words of ICD 203 (Office of the Director of National Intelligence, "Analytic
 * Standards"). Word and figure never contradict each other: the word is that of the figure as shown, and a boundary takes the more
 * modest word. The same rules as the service's `reached_in_words`, which says them for the horizon only.
 */

/** Above this error, in points, one decimal would be false precision. */
const decimalIsKnown = 0.2;

/** A chance known no better than this many points is "about" its figure. */
const wholePointIsKnown = 1;

/** What was seen in none of n futures has a chance below 3 / n (with 95 % confidence: the rule of three). */
const neverSeen = 3;

/** The words in order, each with the end of its range in per cent. */
export const yardstick = [
  { word: "almost no chance", upTo: 5 },
  { word: "very unlikely", upTo: 20 },
  { word: "unlikely", upTo: 45 },
  { word: "roughly even", upTo: 55 },
  { word: "likely", upTo: 80 },
  { word: "very likely", upTo: 95 },
  { word: "almost certain", upTo: 100 },
] as const;

/** "none of 1,000 futures", "all of 1,000 futures". */
function ofFutures(share: "none" | "all", paths: number): string {
  return `${share} of ${paths === 1 ? "1 future" : `${count(paths)} futures`}`;
}

/** The figure alone: "13 %", "about 12 %", "over 99 %", "none of 1,000,000 futures". */
export function chance(probability: number, standardError: number, paths: number): string {
  if (probability === 0 || probability === 1) {
    return ofFutures(probability === 0 ? "none" : "all", paths);
  }

  const points = probability * 100;
  const error = singleLook * standardError * 100;
  const extreme = points < 1 || points > 99;
  const figure =
    extreme && error > decimalIsKnown ? (points < 1 ? "under 1" : "over 99")
    : points < 0.1 ? "under 0.1"
    : points > 99.9 ? "over 99.9"
    : extreme ? rounded(points, 10).toFixed(1)
    : error >= wholePointIsKnown ? `about ${rounded(points, 1)}`
    : `${rounded(points, 1)}`;
  return `${figure}${noBreak}%`;
}

/** The word alone. */
export function chanceWord(probability: number, paths: number): string {
  const shown = shownPoints(probability, paths);
  return shown < 5 ? "almost no chance"
    : shown < 20 ? "very unlikely"
    : shown < 45 ? "unlikely"
    : shown <= 55 ? "roughly even"
    : shown <= 80 ? "likely"
    : shown <= 95 ? "very likely"
    : "almost certain";
}

/** Standard error of a share: the distance to the further end of Wilson's interval / 1.96, so that never seen is not certainly never. As the service computes it. */
export function shareError(probability: number, paths: number): number {
  const z2 = singleLook * singleLook;
  const spread = Math.sqrt((probability * (1 - probability)) / paths + z2 / (4 * paths * paths));
  return (spread + (Math.abs(0.5 - probability) * singleLook) / paths) / (1 + z2 / paths);
}

/** A chance in per cent with its error, for a table: "12.79 ± 0.07". As many figures as of counts. */
export function percentWithError(probability: number, standardError: number): { value: string; error: string } {
  const error = singleLook * standardError * 100;
  if (!(error > 0)) {
    return { value: `${probability * 100}`, error: "" };
  }

  const decimals = Math.max(0, -Math.round(Math.log10(errorStep(error))));
  const step = 10 ** -decimals;
  return { value: (probability * 100).toFixed(decimals), error: (Math.ceil(error / step - 1e-9) * step).toFixed(decimals) };
}

function shownPoints(probability: number, paths: number): number {
  if (probability === 0) {
    return Math.min(50, (100 * neverSeen) / paths);
  }

  if (probability === 1) {
    return Math.max(50, 100 - (100 * neverSeen) / paths);
  }

  return probability < 0.01 || probability > 0.99 ? probability * 100 : rounded(probability * 100, 1);
}

function rounded(points: number, parts: number): number {
  return Math.floor(points * parts + 0.5) / parts;
}
