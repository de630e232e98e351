import type { Histogram, Projection, SamplePath } from "../gen/scenarios/v1/projection_pb";
import { singleLook } from "../numbers/figures";
import { above, between, corners, held, steps, through, written } from "./outlines";
import type { FanLevels } from "./reading";

/** Outlines of the fan, the rows and the slice as path data: one path for each thing that is seen as one. */

export type Scale = (value: number) => number;

/** The median's own line: the more its error already thickens it, the finer. */
const finestCore = 1.2;
const boldestCore = 2.2;

/** Bands between quantiles over dates, with the rims of the outer one, and the median. */
export interface BandCurves {
  readonly band90: string;
  readonly band50: string;
  readonly rims: string;
  readonly median: string;
}

/** Counts that lie far apart are drawn in steps, for none lies on a slant between them. */
export function bandCurves(xs: readonly string[], quantiles: readonly (readonly number[])[], levels: FanLevels, y: Scale, isStepped: boolean): BandCurves {
  const along = isStepped ? corners(xs) : xs;
  const line = (level: number) => {
    const ys = quantiles.map((values) => written(y(values[level]!)));
    return isStepped ? held(ys) : ys;
  };
  const pair = (of: readonly [number, number] | null) => of && ([line(of[0]), line(of[1])] as const);
  const [outer, inner] = [pair(levels.outer), pair(levels.inner)];
  return {
    band90: outer ? between(along, ...outer) : "",
    band50: inner ? between(along, ...inner) : "",
    rims: outer ? through(along, outer[0]) + through(along, outer[1]) : "",
    median: levels.median === null ? "" : through(along, line(levels.median)),
  };
}

/** A coarser lattice than this many steps over the scale is seen as one. */
const mostSteps = 60;

/** Whether counts lie so far apart that lines between them would say what cannot be: as the sample futures show it. */
export function isLattice(projection: Projection, of: "cumulative" | "present"): boolean {
  let [step, from, to] = [0, Infinity, -Infinity];
  for (const path of projection.samplePaths) {
    for (const count of path[of]) {
      step = greatestDivisor(step, Math.abs(count - (projection.samplePaths[0]![of][0] ?? 0)));
      [from, to] = [Math.min(from, count), Math.max(to, count)];
    }
  }

  return step > 0 && (to - from) / step <= mostSteps;
}

function greatestDivisor(one: number, other: number): number {
  let [larger, smaller] = [one, other];
  while (smaller > 0) {
    [larger, smaller] = [smaller, larger % smaller];
  }

  return larger;
}

export interface FanCurves extends BandCurves {
  /** Ribbons of the 95 % error of each line. */
  readonly outerRibbons: string;
  readonly innerRibbons: string;
  readonly medianRibbon: string;
  readonly medianWidth: number;
}

export function fanCurves(projection: Projection, levels: FanLevels, x: Scale, y: Scale): FanCurves {
  const points = projection.points.filter((point) => point.cumulative);
  const xs = points.map((point) => written(x(point.day)));
  const isStepped = isLattice(projection, "cumulative");
  const ribbon = (level: number | null) => {
    if (level === null || isStepped) {
      return "";
    }

    // No quantile lies outside what was seen: an error at the edge of an atom is one-sided.
    const edge = (side: 1 | -1) => points.map(({ cumulative }) => {
      const { quantiles, quantileStandardErrors, min, max } = cumulative!;
      return written(y(Math.min(max, Math.max(min, quantiles[level]! + side * singleLook * quantileStandardErrors[level]!))));
    });
    const [lower, upper] = [edge(-1), edge(1)];
    return levelRuns(points.map(({ cumulative }) => cumulative!.quantiles[level]!))
      .map(([from, to]) => between(xs.slice(from, to), lower.slice(from, to), upper.slice(from, to))).join("");
  };
  const perPerson = Math.abs(y(1) - y(0));
  const endError = levels.median === null ? 0 : singleLook * (points.at(-1)?.cumulative!.quantileStandardErrors[levels.median] ?? 0) * perPerson;
  return {
    ...bandCurves(xs, points.map(({ cumulative }) => cumulative!.quantiles), levels, y, isStepped),
    outerRibbons: levels.outer === null ? "" : ribbon(levels.outer[0]) + ribbon(levels.outer[1]),
    innerRibbons: levels.inner === null ? "" : ribbon(levels.inner[0]) + ribbon(levels.inner[1]),
    medianRibbon: ribbon(levels.median),
    medianWidth: Math.max(finestCore, boldestCore - endError / 3),
  };
}

/** A step so many times the usual one is a jump. */
const jump = 4;

/**
 * The runs of values between which none jumps, each from an index up to another. At a jump few futures lie near, and the error of a quantile is
 * as wide as the jump: drawn, it would be a shard that says nothing.
 */
export function levelRuns(values: readonly number[]): [number, number][] {
  const usual = Math.abs((values.at(-1) ?? 0) - (values[0] ?? 0)) / Math.max(1, values.length - 1);
  const jumps = (i: number) => i > 0 && i < values.length && Math.abs(values[i]! - values[i - 1]!) > jump * usual;
  const runs: [number, number][] = [];
  let from = 0;
  for (let i = 0; i <= values.length; i++) {
    if (i === values.length || jumps(i) || jumps(i + 1)) {
      if (i - from > 1) {
        runs.push([from, i]);
      }
      from = i + 1;
    }
  }

  return runs;
}

/** A future as it happens: level, then a jump. */
export function futureCurve(path: SamplePath, horizon: number, x: Scale, y: Scale): string {
  return steps(path.days.map((day) => written(x(day))), path.cumulative.map((count) => written(y(count))), x(horizon));
}

/** The future nearest to a place, where one is within reach of a finger or a pointer. */
export function nearestFuture(paths: readonly SamplePath[], day: number, count: number, daysPerPixel: number, countPerPixel: number, reach: number): number | null {
  let best: number | null = null;
  let bestDistance = reach;
  for (const [index, path] of paths.entries()) {
    for (let step = 0; step < path.days.length; step++) {
      const from = path.days[step]!;
      const to = path.days[step + 1] ?? Infinity;
      const level = path.cumulative[step]!;
      const aside = day < from ? from - day : day > to ? day - to : 0;
      const before = path.cumulative[step - 1] ?? level;
      const flat = Math.hypot(aside / daysPerPixel, (count - level) / countPerPixel);
      const beyond = count < before ? before - count : count > level ? count - level : 0;
      const jump = Math.hypot((day - from) / daysPerPixel, beyond / countPerPixel);
      const distance = Math.min(flat, jump);
      if (distance < bestDistance) {
        [best, bestDistance] = [index, distance];
      }
    }
  }

  return best;
}

/** The share of futures that have reached a count, over dates: its line, and the area below it. */
export function passageCurves(projection: Projection, shares: readonly number[], x: Scale, y: Scale): { line: string; area: string } {
  const xs = projection.points.map((point) => written(x(point.day)));
  const ys = projection.points.map((_, i) => written(y(shares[i] ?? 0)));
  return { line: through(xs, ys), area: above(xs, ys, y(0)) };
}

export interface SliceCurves {
  readonly outside: string;
  readonly band90: string;
  readonly band50: string;
  /** Atoms: counts that many futures share to the last person. */
  readonly atoms: readonly { readonly count: number; readonly share: number; readonly path: string }[];
  /** Length of the bar that a count lies in. */
  readonly lengthAt: (count: number) => number;
}

const atomHeight = 6;

/** An atom that fewer share than this is no bar that could be seen. */
const leastAtom = 0.0005;

/** A histogram lying on its side, on the fan's scale of counts, up to the topmost of them; bars of unequal height have equal areas for equal shares. */
export function sliceCurves(histogram: Histogram, quantiles: readonly number[], levels: FanLevels, left: number, room: number, y: Scale, topmost: number): SliceCurves {
  const { edges, counts } = histogram;
  const total = counts.reduce((sum, bin) => sum + bin, 0) || 1;
  const bins = counts.map((_, i) => wholeCounts(histogram, i));
  const usual = Math.max(1, ...bins.map(({ first, last }) => last - first + 1));
  const isAtom = (i: number) => edges[i] === edges[i + 1];
  const shares = counts.map((bin, i) => (isAtom(i) ? bin / total : ((bin / total) * usual) / Math.max(1, bins[i]!.last - bins[i]!.first + 1)));
  const scale = room / Math.max(1e-9, ...shares);
  const within = (pair: readonly [number, number] | null, count: number) =>
    pair !== null && count >= quantiles[pair[0]]! && count <= quantiles[pair[1]]!;
  const paths = { outside: "", band90: "", band50: "" };
  const atoms: SliceCurves["atoms"][number][] = [];
  for (const [i, share] of shares.entries()) {
    const { first, last } = bins[i]!;
    if (share === 0 || first > topmost || (last > topmost && last > first)) {
      continue;
    }

    const length = share * scale;
    if (isAtom(i)) {
      if (share >= leastAtom) {
        const place = y(edges[i]!);
        // An atom at the end of the bins stands beside them, not over the outermost; one of a lattice has its count in its middle.
        const from = i === 0 && shares[1]! > 0 ? place : i === shares.length - 1 && shares[i - 1]! > 0 ? place - atomHeight : place - atomHeight / 2;
        atoms.push({ count: edges[i]!, share, path: bar(left, from, length, atomHeight) });
      }
      continue;
    }

    // Half a count to either side, so that a bar of a single count has that in its middle; no more than a line's worth below 0 or over the top.
    const [low, high] = [y(Math.max(0, first - 0.5)), Math.max(y(topmost) - atomHeight, y(last + 0.5))];
    const middle = (first + last) / 2;
    const key = within(levels.inner, middle) ? "band50" : within(levels.outer, middle) ? "band90" : "outside";
    paths[key] += bar(left, high + 0.5, length, Math.max(0.5, low - high - 1));
  }

  return {
    ...paths,
    atoms,
    lengthAt: (count) => {
      const bin = binOf(histogram, count);
      return bin < 0 ? 0 : shares[bin]! * scale;
    },
  };
}

/** The whole counts of a bin [a, b), of the last one [a, b], and of an atom [a, a]. */
function wholeCounts({ edges, counts }: Histogram, bin: number): { first: number; last: number } {
  const [from, to] = [edges[bin]!, edges[bin + 1]!];
  return { first: Math.ceil(from), last: from === to || bin === counts.length - 1 ? Math.floor(to) : Math.ceil(to) - 1 };
}

/** The bin that a count lies in; an atom before the bin that begins at it; -1 where there is none. */
function binOf(histogram: Histogram, count: number): number {
  const holds = (_: number, bin: number) => count >= wholeCounts(histogram, bin).first && count <= wholeCounts(histogram, bin).last;
  const atom = histogram.counts.findIndex((_, bin) => histogram.edges[bin] === count && histogram.edges[bin + 1] === count);
  return atom >= 0 ? atom : histogram.counts.findIndex(holds);
}

/** The share of futures that end at the very count; null where its bin holds others as well. */
export function shareAt(histogram: Histogram, count: number): number | null {
  const bin = binOf(histogram, count);
  if (bin < 0) {
    return null;
  }

  const { first, last } = wholeCounts(histogram, bin);
  const total = histogram.counts.reduce((sum, one) => sum + one, 0);
  return first === last ? histogram.counts[bin]! / total : null;
}

function bar(left: number, top: number, length: number, height: number): string {
  return `M${written(left)},${written(top)}h${written(length)}v${written(height)}h${written(-length)}z`;
}
