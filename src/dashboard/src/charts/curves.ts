import type { Histogram, Projection, SamplePath } from "../gen/scenarios/v1/projection_pb";
import { singleLook } from "../numbers/figures";
import { above, between, steps, through, written } from "./outlines";
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

export function bandCurves(xs: readonly string[], quantiles: readonly (readonly number[])[], levels: FanLevels, y: Scale): BandCurves {
  const line = (level: number) => quantiles.map((values) => written(y(values[level]!)));
  const pair = (of: readonly [number, number] | null) => of && ([line(of[0]), line(of[1])] as const);
  const [outer, inner] = [pair(levels.outer), pair(levels.inner)];
  return {
    band90: outer ? between(xs, ...outer) : "",
    band50: inner ? between(xs, ...inner) : "",
    rims: outer ? through(xs, outer[0]) + through(xs, outer[1]) : "",
    median: levels.median === null ? "" : through(xs, line(levels.median)),
  };
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
  const ribbon = (level: number | null) => {
    if (level === null) {
      return "";
    }

    // No quantile lies outside what was seen: an error at the edge of an atom is one-sided.
    const edge = (side: 1 | -1) => points.map(({ cumulative }) => {
      const { quantiles, quantileStandardErrors, min, max } = cumulative!;
      return written(y(Math.min(max, Math.max(min, quantiles[level]! + side * singleLook * quantileStandardErrors[level]!))));
    });
    return between(xs, edge(-1), edge(1));
  };
  const perPerson = Math.abs(y(1) - y(0));
  const endError = levels.median === null ? 0 : singleLook * (points.at(-1)?.cumulative!.quantileStandardErrors[levels.median] ?? 0) * perPerson;
  return {
    ...bandCurves(xs, points.map(({ cumulative }) => cumulative!.quantiles), levels, y),
    outerRibbons: levels.outer === null ? "" : ribbon(levels.outer[0]) + ribbon(levels.outer[1]),
    innerRibbons: levels.inner === null ? "" : ribbon(levels.inner[0]) + ribbon(levels.inner[1]),
    medianRibbon: ribbon(levels.median),
    medianWidth: Math.max(finestCore, boldestCore - endError / 3),
  };
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
  const widths = counts.map((_, i) => edges[i + 1]! - edges[i]!);
  const usual = Math.max(1, ...widths);
  const isAtom = (i: number) => widths[i] === 0;
  const shares = counts.map((bin, i) => (isAtom(i) ? bin / total : ((bin / total) * usual) / widths[i]!));
  const scale = room / Math.max(1e-9, ...shares);
  const within = (pair: readonly [number, number] | null, count: number) =>
    pair !== null && count >= quantiles[pair[0]]! && count <= quantiles[pair[1]]!;
  const paths = { outside: "", band90: "", band50: "" };
  const atoms: SliceCurves["atoms"][number][] = [];
  for (const [i, share] of shares.entries()) {
    if (share === 0 || edges[i + 1]! > topmost) {
      continue;
    }

    const length = share * scale;
    if (isAtom(i)) {
      if (share >= leastAtom) {
        const place = y(edges[i]!);
        // An atom at the end of the bins stands beside them, not over the outermost.
        const from = i === 0 ? place : i === shares.length - 1 ? place - atomHeight : place - atomHeight / 2;
        atoms.push({ count: edges[i]!, share, path: bar(left, from, length, atomHeight) });
      }
      continue;
    }

    const [low, high] = [y(edges[i]!), y(edges[i + 1]!)];
    const middle = (edges[i]! + edges[i + 1]!) / 2;
    const key = within(levels.inner, middle) ? "band50" : within(levels.outer, middle) ? "band90" : "outside";
    paths[key] += bar(left, high + 0.5, length, Math.max(0.5, low - high - 1));
  }

  return {
    ...paths,
    atoms,
    lengthAt: (count) => {
      const bin = edges.findIndex((edge, i) => i < shares.length && count >= edge && (count < edges[i + 1]! || isAtom(i)) && (!isAtom(i) || count === edge));
      return bin < 0 ? 0 : shares[bin]! * scale;
    },
  };
}

function bar(left: number, top: number, length: number, height: number): string {
  return `M${written(left)},${written(top)}h${written(length)}v${written(height)}h${written(-length)}z`;
}
