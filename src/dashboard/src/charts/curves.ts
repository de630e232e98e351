import { area, curveStepAfter, line } from "d3-shape";
import type { Histogram, Projection, SamplePath } from "../gen/scenarios/v1/projection_pb";
import { singleLook } from "../numbers/figures";
import type { FanLevels } from "./reading";

/** Outlines of the fan, the rows and the slice as path data: one path for each thing that is seen as one. */

export type Scale = (value: number) => number;

/** Tenths of a pixel are finer than any screen shows; more digits would only cost. */
const digits = 1;

/** The median's own line: the more its error already thickens it, the finer. */
const finestCore = 1.2;
const boldestCore = 2.2;

export interface FanCurves {
  readonly band90: string;
  readonly band50: string;
  /** Ribbons of the 95 % error of each line. */
  readonly outerRibbons: string;
  readonly innerRibbons: string;
  readonly medianRibbon: string;
  readonly rims: string;
  readonly median: string;
  readonly medianWidth: number;
}

export function fanCurves(projection: Projection, levels: FanLevels, x: Scale, y: Scale): FanCurves {
  const points = projection.points.filter((point) => point.cumulative);
  const xs = points.map((point) => x(point.day));
  const quantiles = points.map((point) => point.cumulative!.quantiles);
  const errors = points.map((point) => point.cumulative!.quantileStandardErrors);
  const band = (pair: readonly [number, number] | null) => {
    const outline = area<number>().digits(digits).x((_, i) => xs[i]!);
    return pair === null ? "" : outline.y0((_, i) => y(quantiles[i]![pair[0]]!)).y1((_, i) => y(quantiles[i]![pair[1]]!))(xs) ?? "";
  };
  const ribbon = (level: number | null) => {
    if (level === null) {
      return "";
    }

    // No quantile lies outside what was seen: an error at the edge of an atom is one-sided.
    const outline = area<number>()
      .digits(digits)
      .x((_, i) => xs[i]!)
      .y0((_, i) => y(Math.max(points[i]!.cumulative!.min, quantiles[i]![level]! - singleLook * errors[i]![level]!)))
      .y1((_, i) => y(Math.min(points[i]!.cumulative!.max, quantiles[i]![level]! + singleLook * errors[i]![level]!)));
    return outline(xs) ?? "";
  };
  const curve = (level: number | null) =>
    level === null ? "" : line<number>().digits(digits).x((_, i) => xs[i]!).y((_, i) => y(quantiles[i]![level]!))(xs) ?? "";
  const perPerson = Math.abs(y(1) - y(0));
  const endError = levels.median === null ? 0 : singleLook * (errors.at(-1)?.[levels.median] ?? 0) * perPerson;
  return {
    band90: band(levels.outer),
    band50: band(levels.inner),
    outerRibbons: levels.outer === null ? "" : ribbon(levels.outer[0]) + ribbon(levels.outer[1]),
    innerRibbons: levels.inner === null ? "" : ribbon(levels.inner[0]) + ribbon(levels.inner[1]),
    medianRibbon: ribbon(levels.median),
    rims: levels.outer === null ? "" : curve(levels.outer[0]) + curve(levels.outer[1]),
    median: curve(levels.median),
    medianWidth: Math.max(finestCore, boldestCore - endError / 3),
  };
}

/** A future as it happens: level, then a jump. */
export function futureCurve(path: SamplePath, horizon: number, x: Scale, y: Scale): string {
  const steps = path.days.map((day, i) => [x(day), y(path.cumulative[i]!)] as [number, number]);
  const last = steps.at(-1);
  if (last) {
    steps.push([x(horizon), last[1]]);
  }

  return line().digits(digits).curve(curveStepAfter)(steps) ?? "";
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
  const xs = projection.points.map((point) => x(point.day));
  const at = (_: number, i: number) => y(shares[i] ?? 0);
  return {
    line: line<number>().digits(digits).x((_, i) => xs[i]!).y(at)(xs) ?? "",
    area: area<number>().digits(digits).x((_, i) => xs[i]!).y0(y(0)).y1(at)(xs) ?? "",
  };
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
  const round = (value: number) => Math.round(value * 10) / 10;
  return `M${round(left)},${round(top)}h${round(length)}v${round(height)}h${round(-length)}z`;
}
