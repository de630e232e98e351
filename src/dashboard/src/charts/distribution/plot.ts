import { scaleLinear, scaleLog } from "d3-scale";
import { above, written } from "../outlines";
import { quantileIn, type Shape } from "./shape";

/** A distribution as outlines: what lies between two values, and what beyond. */
export interface ShapeCurves {
  readonly inside: string;
  readonly outside: string;
  /** Values that a share of all draws takes exactly, as lines; their heights are to each other as their shares. */
  readonly atoms: readonly { readonly x: number; readonly top: number }[];
}

export type ValueScale = (value: number) => number;

/** A scale of values from one end to another, over logarithms where the values are positive by nature. */
export function valueScale(domain: readonly [number, number], isLog: boolean, left: number, right: number) {
  return isLog ? scaleLog([...domain], [left, right]) : scaleLinear([...domain], [left, right]);
}

/** How far the scale of a single value goes beyond the largest it is seen among. */
const beyondAll = 1.12;

/** What of the values is shown: all but the last of the tails; of a single value its place among others, or room beside it. */
export function shownDomain(shape: Shape, isLog: boolean, among?: number): [number, number] {
  const [low, high] = [quantileIn(shape, 0.001), quantileIn(shape, 0.999)];
  if (low < high) {
    return isLog ? [low, high] : [low - (high - low) * 0.02, high + (high - low) * 0.02];
  }

  if (among !== undefined && low >= 0 && low <= among) {
    return [0, among * beyondAll];
  }

  const room = Math.abs(low) || 1;
  return [low - room, low + room];
}

export function shapeCurves(shape: Shape, [low, high]: readonly [number, number], x: ValueScale, isLog: boolean, top: number, base: number, [from, to]: readonly [number, number]): ShapeCurves {
  // Over logarithms a density counts per logarithm: equal areas stay equal shares.
  const points = shape.curve.filter(([value]) => value >= low && value <= high).map(([value, density]) => [value, isLog ? density * value : density] as const);
  const most = tallest(points.map(([, height]) => height));
  const mostAtom = Math.max(0, ...shape.atoms.map(({ probability }) => probability));
  const y = (height: number) => Math.max(top, base - ((base - top) * height) / (most || 1));
  const outline = (curve: readonly (readonly [number, number])[]) =>
    above(curve.map(([value]) => written(x(value))), curve.map(([, height]) => written(y(height))), base);
  const at = (value: number): [number, number] => {
    const after = points.findIndex(([other]) => other >= value);
    const [next, before] = [points[Math.max(0, after)], points[Math.max(0, after - 1)]];
    return !next || !before ? [value, 0] : [value, next[0] === before[0] ? next[1] : before[1] + ((next[1] - before[1]) * (value - before[0])) / (next[0] - before[0])];
  };
  const middle = points.filter(([value]) => value > from && value < to);
  const [first, last] = [points[0], points.at(-1)];
  const ends = first && last ? [Math.max(from, first[0]), Math.min(to, last[0])] as const : null;
  return {
    outside: outline(points),
    inside: ends && ends[0] < ends[1] ? outline([at(ends[0]), ...middle, at(ends[1])]) : "",
    atoms: shape.atoms
      .filter(({ value }) => value >= low && value <= high)
      .map(({ value, probability }) => ({ x: x(value), top: base - ((base - top) * probability) / (mostAtom || 1) })),
  };
}

/** The height that fills the picture: the greatest, unless a pole at an end would press all else flat. */
function tallest(heights: readonly number[]): number {
  const sorted = [...heights].sort((one, other) => one - other);
  const most = sorted.at(-1) ?? 0;
  const usual = sorted[Math.floor(sorted.length * 0.97)] ?? 0;
  return most > 4 * usual && usual > 0 ? 1.5 * usual : most;
}
