import type { Beta, Distribution, Empirical, Gamma, Interval, LogNormal, Metalog, Mixture, Normal, Weibull } from "../../gen/scenarios/v1/distribution_pb";
import { bisect, gammaQuantile, logGamma, normalQuantile, solve } from "./special";

/** A value that a share of all draws takes exactly. */
export interface Atom {
  readonly value: number;
  readonly probability: number;
}

/** A distribution as it is drawn: a density between points, straight lines in between, and atoms. Together they hold 1. */
export interface Shape {
  readonly curve: readonly Point[];
  readonly atoms: readonly Atom[];
}

type Point = readonly [value: number, density: number];

/** Points of a curve. Straight lines between so many are no further from it than a pixel. */
const resolution = 400;

/** What lies beyond this share is not drawn. */
const tail = 1e-6;

/** Counts with no more values than this are drawn one by one. */
const fewValues = 60;

const usualProbability = 0.9;
const usualPertShape = 4;

/** The shape of a distribution; null where a parameter is missing or makes none: the service says what is wrong. */
export function shapeOf(distribution: Distribution): Shape | null {
  const whole = normalised(familyShape(distribution));
  const { truncation } = distribution;
  return whole === null || truncation === undefined ? whole
    : normalised(clipped(whole, truncation.min ?? -Infinity, truncation.max ?? Infinity));
}

/** Families that are positive by nature are drawn over logarithms. */
export function isOverLogarithms(distribution: Distribution): boolean {
  const { family } = distribution;
  return family.case === "logNormal" || family.case === "gamma" || family.case === "weibull" || family.case === "exponential";
}

/** The value at a cumulative probability; NaN where there is no distribution. */
export function quantileOf(distribution: Distribution, probability: number): number {
  const { family, truncation } = distribution;
  // What an analyst said is not computed back from what it was taken to mean.
  const interval = family.case === "normal" || family.case === "logNormal" || family.case === "gamma" || family.case === "weibull" ? family.value.interval : undefined;
  if (interval && truncation === undefined && interval.low !== undefined && interval.high !== undefined) {
    const [low, high] = tails(interval);
    const isAt = (level: number) => Math.abs(probability - level) < 1e-12;
    if (isAt(low) || isAt(high)) {
      return isAt(low) ? interval.low : interval.high;
    }
  }

  const shape = shapeOf(distribution);
  return shape === null ? NaN : quantileIn(shape, probability);
}

/** The value at a cumulative probability. */
export function quantileIn({ curve, atoms }: Shape, probability: number): number {
  const steps = [
    ...curve.slice(1).map((point, i) => {
      const before = curve[i]!;
      return { from: before[0], to: point[0], mass: ((point[0] - before[0]) * (before[1] + point[1])) / 2, densities: [before[1], point[1]] as const };
    }),
    ...atoms.map((atom) => ({ from: atom.value, to: atom.value, mass: atom.probability, densities: [1, 1] as const })),
  ].sort((one, other) => one.from - other.from || one.to - other.to);
  let below = 0;
  for (const { from, to, mass, densities: [first, last] } of steps) {
    if (below >= probability) {
      return from;
    }

    if (below + mass >= probability && mass > 0) {
      // Below a straight line the mass is a parabola; this form of its root holds for a level line too.
      const share = (probability - below) / mass;
      return from + (to - from) * ((share * (first + last)) / (first + Math.sqrt(first * first + share * (last * last - first * first))));
    }

    below += mass;
  }

  return steps.at(-1)?.to ?? NaN;
}

function familyShape({ family }: Distribution): Shape | null {
  switch (family.case) {
    case "constant":
      return { curve: [], atoms: [{ value: family.value, probability: 1 }] };
    case "uniform": {
      const { min, max } = family.value;
      return isAscending(min, max) ? { curve: [[min!, 1], [max!, 1]], atoms: [] } : null;
    }
    case "triangular": {
      const { min, mode, max } = family.value;
      return isAscending(min, max) && mode !== undefined && mode >= min! && mode <= max! ? { curve: [[min!, 0], [mode, 1], [max!, 0]], atoms: [] } : null;
    }
    case "pert": {
      const { min, mode, max, shape = usualPertShape } = family.value;
      if (!isAscending(min, max) || mode === undefined || mode < min! || mode > max!) {
        return null;
      }

      const width = max! - min!;
      return betaShape({ alpha: 1 + (shape * (mode - min!)) / width, beta: 1 + (shape * (max! - mode)) / width, min, max });
    }
    case "beta":
      return betaShape(family.value);
    case "normal":
      return normalShape(family.value);
    case "logNormal":
      return logNormalShape(family.value);
    case "gamma":
      return gammaShape(family.value);
    case "weibull":
      return weibullShape(family.value);
    case "exponential":
      return isPositive(family.value.mean) ? weibullOf(1, family.value.mean!) : null;
    case "poisson": {
      const { mean } = family.value;
      return isPositive(mean) ? countShape(mean!, Math.sqrt(mean!), (n) => n * Math.log(mean!) - mean! - logGamma(n + 1)) : null;
    }
    case "negativeBinomial": {
      const { mean: m, dispersion: r } = family.value;
      return isPositive(m) && isPositive(r)
        ? countShape(m!, Math.sqrt(m! + (m! * m!) / r!), (n) =>
          logGamma(n + r!) - logGamma(r!) - logGamma(n + 1) + r! * Math.log(r! / (r! + m!)) + n * Math.log(m! / (r! + m!)))
        : null;
    }
    case "discrete":
      return family.value.outcomes.every(({ value, weight }) => value !== undefined && isPositive(weight))
        ? { curve: [], atoms: gathered(family.value.outcomes.map(({ value, weight }) => ({ value: value!, probability: weight! }))) }
        : null;
    case "empirical":
      return empiricalShape(family.value);
    case "metalog":
      return metalogShape(family.value);
    case "mixture":
      return mixtureShape(family.value);
    default:
      return null;
  }
}

function normalShape({ mean, standardDeviation, interval }: Normal): Shape | null {
  if (interval && !isAscending(interval.low, interval.high)) {
    return null;
  }

  const middle = interval ? (interval.low! + interval.high!) / 2 : mean;
  const deviation = interval ? (interval.high! - interval.low!) / (2 * reach(interval)) : standardDeviation;
  return middle !== undefined && isPositive(deviation)
    ? tabulated(linear(middle - 5 * deviation!, middle + 5 * deviation!), (x) => -(((x - middle) / deviation!) ** 2) / 2)
    : null;
}

function logNormalShape({ mean, standardDeviation, logMean, logStandardDeviation, interval }: LogNormal): Shape | null {
  let [location, scale] = [logMean, logStandardDeviation];
  if (interval) {
    if (!isPositive(interval.low) || !isAscending(interval.low, interval.high)) {
      return null;
    }

    location = (Math.log(interval.low!) + Math.log(interval.high!)) / 2;
    scale = Math.log(interval.high! / interval.low!) / (2 * reach(interval));
  } else if (isPositive(mean) && isPositive(standardDeviation)) {
    scale = Math.sqrt(Math.log1p((standardDeviation! / mean!) ** 2));
    location = Math.log(mean!) - (scale * scale) / 2;
  }

  return location !== undefined && isPositive(scale)
    ? tabulated(logarithmic(Math.exp(location - 5 * scale!), Math.exp(location + 5 * scale!)), (x) => -(((Math.log(x) - location) / scale!) ** 2) / 2 - Math.log(x))
    : null;
}

function gammaShape({ shape, scale, mean, standardDeviation, interval }: Gamma): Shape | null {
  let [k, theta] = [shape, scale];
  if (interval) {
    if (!isPositive(interval.low) || !isAscending(interval.low, interval.high)) {
      return null;
    }

    // The ratio of two quantiles does not depend on the scale, and falls as the shape grows.
    const [low, high] = tails(interval);
    const wanted = Math.log(interval.high! / interval.low!);
    k = Math.exp(bisect((logShape) => wanted - Math.log(gammaQuantile(Math.exp(logShape), high) / gammaQuantile(Math.exp(logShape), low)), Math.log(0.05), Math.log(1e6)));
    theta = interval.low! / gammaQuantile(k, low);
  } else if (isPositive(mean) && isPositive(standardDeviation)) {
    k = (mean! / standardDeviation!) ** 2;
    theta = mean! / k;
  }

  return isPositive(k) && isPositive(theta)
    ? tabulated(logarithmic(theta! * gammaQuantile(k!, Math.max(tail, 1e-4 / k!)), theta! * gammaQuantile(k!, 1 - tail)), (x) => (k! - 1) * Math.log(x / theta!) - x / theta!)
    : null;
}

function weibullShape({ shape, scale, mean, standardDeviation, interval }: Weibull): Shape | null {
  let [k, lambda] = [shape, scale];
  if (interval) {
    if (!isPositive(interval.low) || !isAscending(interval.low, interval.high)) {
      return null;
    }

    const [low, high] = tails(interval);
    k = Math.log(Math.log1p(-high) / Math.log1p(-low)) / Math.log(interval.high! / interval.low!);
    lambda = interval.low! / (-Math.log1p(-low)) ** (1 / k);
  } else if (isPositive(mean) && isPositive(standardDeviation)) {
    const wanted = Math.log1p((standardDeviation! / mean!) ** 2);
    k = Math.exp(bisect((logShape) => wanted - (logGamma(1 + 2 / Math.exp(logShape)) - 2 * logGamma(1 + 1 / Math.exp(logShape))), Math.log(0.1), Math.log(1_000)));
    lambda = mean! / Math.exp(logGamma(1 + 1 / k));
  }

  return isPositive(k) && isPositive(lambda) ? weibullOf(k!, lambda!) : null;
}

function weibullOf(k: number, lambda: number): Shape {
  const at = (p: number) => lambda * (-Math.log1p(-p)) ** (1 / k);
  return tabulated(logarithmic(at(1e-4), at(1 - tail)), (x) => (k - 1) * Math.log(x / lambda) - (x / lambda) ** k);
}

function betaShape({ alpha, beta, min = 0, max = 1 }: Pick<Beta, "alpha" | "beta" | "min" | "max">): Shape | null {
  if (!isPositive(alpha) || !isPositive(beta) || !isAscending(min, max)) {
    return null;
  }

  // A shape below 1 has a pole at its end: the grid stops short of it.
  const edge = (shape: number) => (shape < 1 ? 1e-4 : 0);
  const density = (share: number) => (alpha! === 1 ? 0 : (alpha! - 1) * Math.log(share)) + (beta! === 1 ? 0 : (beta! - 1) * Math.log1p(-share));
  const spread = Math.sqrt((alpha! * beta!) / (alpha! + beta! + 1)) / (alpha! + beta!);
  const middle = alpha! / (alpha! + beta!);
  const grid = linear(Math.max(edge(alpha!), middle - 12 * spread), Math.min(1 - edge(beta!), middle + 12 * spread));
  const shape = tabulated(grid, density);
  return { curve: shape.curve.map(([share, height]) => [min + share * (max - min), height]), atoms: [] };
}

function countShape(mean: number, deviation: number, logProbability: (count: number) => number): Shape {
  const from = Math.max(0, Math.floor(mean - 6 * deviation));
  const to = Math.ceil(mean + 8 * deviation + 3);
  if (to - from <= fewValues) {
    return { curve: [], atoms: Array.from({ length: to - from + 1 }, (_, i) => ({ value: from + i, probability: Math.exp(logProbability(from + i)) })) };
  }

  return tabulated(linear(from, to), logProbability);
}

function empiricalShape({ samples, quantiles, min, max }: Empirical): Shape | null {
  if (samples.length > 0) {
    return { curve: [], atoms: gathered(samples.map((value) => ({ value, probability: 1 }))) };
  }

  if (min === undefined || max === undefined || quantiles.some(({ probability, value }) => probability === undefined || value === undefined)) {
    return null;
  }

  const knots = [{ probability: 0, value: min }, ...quantiles.map(({ probability, value }) => ({ probability: probability!, value: value! })), { probability: 1, value: max }];
  const curve: Point[] = [];
  const atoms: Atom[] = [];
  for (const [i, knot] of knots.slice(1).entries()) {
    const before = knots[i]!;
    const mass = knot.probability - before.probability;
    const width = knot.value - before.value;
    if (mass < 0 || width < 0) {
      return null;
    }

    if (width === 0) {
      atoms.push({ value: knot.value, probability: mass });
    } else {
      curve.push([before.value, mass / width], [knot.value, mass / width]);
    }
  }

  return { curve, atoms: gathered(atoms) };
}

/** Keelin's metalog through as many quantiles as it has terms ("The Metalog Distributions", 2016, equations 6, 9, 13 and 14). */
function metalogShape({ quantiles, lowerBound, upperBound }: Metalog): Shape | null {
  if (quantiles.length < 2 || quantiles.some(({ probability, value }) => probability === undefined || value === undefined)) {
    return null;
  }

  const inner = (value: number) =>
    lowerBound !== undefined && upperBound !== undefined ? Math.log((value - lowerBound) / (upperBound - value))
    : lowerBound !== undefined ? Math.log(value - lowerBound)
    : upperBound !== undefined ? -Math.log(upperBound - value)
    : value;
  const outer = (value: number) =>
    lowerBound !== undefined && upperBound !== undefined ? lowerBound + (upperBound - lowerBound) / (1 + Math.exp(-value))
    : lowerBound !== undefined ? lowerBound + Math.exp(value)
    : upperBound !== undefined ? upperBound - Math.exp(-value)
    : value;
  const terms = quantiles.map((_, i) => i);
  const coefficients = solve(quantiles.map(({ probability }) => terms.map((term) => metalogTerm(term, probability!))), quantiles.map(({ value }) => inner(value!)));
  const at = (p: number) => outer(terms.reduce((sum, term) => sum + coefficients[term]! * metalogTerm(term, p), 0));
  const knots = linear(-7, 7).map((logit) => 1 / (1 + Math.exp(-logit)));
  const values = knots.map(at);
  const curve: Point[] = [];
  for (let i = 1; i < knots.length; i++) {
    const width = values[i]! - values[i - 1]!;
    if (!(width > 0)) {
      return null;
    }

    curve.push([(values[i]! + values[i - 1]!) / 2, (knots[i]! - knots[i - 1]!) / width]);
  }

  return { curve, atoms: [] };
}

function metalogTerm(term: number, p: number): number {
  const logit = Math.log(p / (1 - p));
  const centred = p - 0.5;
  switch (term) {
    case 0: return 1;
    case 1: return logit;
    case 2: return centred * logit;
    case 3: return centred;
    default: return term % 2 === 0 ? centred ** (term / 2) : centred ** ((term - 1) / 2) * logit;
  }
}

function mixtureShape({ components }: Mixture): Shape | null {
  const parts = components.map(({ weight, distribution }) => ({ weight: weight ?? NaN, shape: distribution ? shapeOf(distribution) : null }));
  if (parts.length === 0 || parts.some(({ weight, shape }) => shape === null || !isPositive(weight))) {
    return null;
  }

  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const values = [...new Set(parts.flatMap(({ shape }) => shape!.curve.map(([value]) => value)))].sort((one, other) => one - other);
  // A component that begins at a value stands to its right only: both sides of each value are points of the sum.
  const side = (isRight: boolean) => {
    const sums = new Array<number>(values.length).fill(0);
    for (const { weight, shape } of parts) {
      densitiesAt(shape!.curve, values, isRight).forEach((density, i) => { sums[i]! += (weight / total) * density; });
    }

    return sums;
  };
  const [left, right] = [side(false), side(true)];
  return {
    curve: values.flatMap((value, i): Point[] => (left[i] === right[i] ? [[value, left[i]!]] : [[value, left[i]!], [value, right[i]!]])),
    atoms: gathered(parts.flatMap(({ weight, shape }) => shape!.atoms.map((atom) => ({ value: atom.value, probability: (atom.probability * weight) / total })))),
  };
}

/** Densities at ascending values, taken from the left or the right of each. */
function densitiesAt(curve: readonly Point[], values: readonly number[], isRight: boolean): number[] {
  let segment = 0;
  return values.map((value) => {
    while (segment < curve.length - 1 && (isRight ? curve[segment + 1]![0] <= value : curve[segment + 1]![0] < value)) {
      segment++;
    }

    const [from, to] = [curve[segment], curve[segment + 1]];
    if (!from || !to || (isRight ? value < from[0] : value <= from[0])) {
      return 0;
    }

    return from[1] + ((to[1] - from[1]) * (value - from[0])) / (to[0] - from[0]);
  });
}

function clipped({ curve, atoms }: Shape, min: number, max: number): Shape {
  const inside: Point[] = [];
  for (const [i, to] of curve.slice(1).entries()) {
    const from = curve[i]!;
    const [low, high] = [Math.max(from[0], min), Math.min(to[0], max)];
    if (low < high || (low === high && from[0] === to[0])) {
      const at = (value: number) => (from[0] === to[0] ? to[1] : from[1] + ((to[1] - from[1]) * (value - from[0])) / (to[0] - from[0]));
      inside.push([low, from[0] === to[0] ? from[1] : at(low)], [high, at(high)]);
    }
  }

  return { curve: inside, atoms: atoms.filter(({ value }) => value >= min && value <= max) };
}

/** The same in proportion, holding 1 in all. */
function normalised(shape: Shape | null): Shape | null {
  if (shape === null) {
    return null;
  }

  const mass = shape.atoms.reduce((sum, { probability }) => sum + probability, 0)
    + shape.curve.slice(1).reduce((sum, [value, density], i) => sum + ((value - shape.curve[i]![0]) * (density + shape.curve[i]![1])) / 2, 0);
  return mass > 0 && Number.isFinite(mass)
    ? { curve: shape.curve.map(([value, density]) => [value, density / mass]), atoms: shape.atoms.map(({ value, probability }) => ({ value, probability: probability / mass })) }
    : null;
}

/** A curve from the logarithm of a density that need not hold 1. */
function tabulated(values: readonly number[], logDensity: (value: number) => number): Shape {
  const logs = values.map(logDensity);
  const most = Math.max(...logs.filter(Number.isFinite));
  return { curve: values.map((value, i): Point => [value, Math.exp(logs[i]! - most)]), atoms: [] };
}

function gathered(atoms: readonly Atom[]): Atom[] {
  const sums = new Map<number, number>();
  for (const { value, probability } of atoms) {
    sums.set(value, (sums.get(value) ?? 0) + probability);
  }

  return [...sums].map(([value, probability]) => ({ value, probability })).sort((one, other) => one.value - other.value);
}

function linear(from: number, to: number): number[] {
  return Array.from({ length: resolution + 1 }, (_, i) => from + ((to - from) * i) / resolution);
}

function logarithmic(from: number, to: number): number[] {
  return linear(Math.log(from), Math.log(to)).map(Math.exp);
}

/** Cumulative probabilities at the two ends of an interval. */
function tails({ probability = usualProbability }: Interval): [number, number] {
  return [(1 - probability) / 2, (1 + probability) / 2];
}

/** Standard deviations from the middle of an interval to its ends. */
function reach(interval: Interval): number {
  return normalQuantile(tails(interval)[1]);
}

function isAscending(low: number | undefined, high: number | undefined): boolean {
  return low !== undefined && high !== undefined && low < high;
}

function isPositive(value: number | undefined): boolean {
  return value !== undefined && value > 0;
}
