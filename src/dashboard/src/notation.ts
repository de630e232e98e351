import type { Distribution, Interval } from "./gen/scenarios/v1/distribution_pb";

/**
 * Distributions in the text notation (Distribution.text), which the service reads and does not write: what a field of the page holds
 * before anybody has typed into it.
 */
export function notationOf(distribution: Distribution): string {
  const { truncation } = distribution;
  const family = familyText(distribution);
  return truncation?.min !== undefined && truncation.max !== undefined ? `${family} truncated ${number(truncation.min)} to ${number(truncation.max)}`
    : truncation?.min !== undefined ? `${family} truncated at least ${number(truncation.min)}`
    : truncation?.max !== undefined ? `${family} truncated at most ${number(truncation.max)}`
    : family;
}

/** The default of Interval.probability. */
export const usualProbability = 0.9;

/** A number as the notation has it: no commas. */
export function number(value: number): string {
  return String(value);
}

/** "60 to 150", with the probability in between where it is not the usual one. */
export function intervalText(low: number, high: number, probability = usualProbability): string {
  const ends = `${number(low)} to ${number(high)}`;
  return probability === usualProbability ? ends : `${ends} (${number(Number((probability * 100).toPrecision(12)))} %)`;
}

function familyText({ family }: Distribution): string {
  switch (family.case) {
    case "constant":
      return number(family.value);
    case "uniform":
      return call("uniform", [family.value.min, family.value.max]);
    case "triangular":
      return call("triangular", [family.value.min, family.value.mode, family.value.max]);
    case "pert": {
      const { min, mode, max, shape } = family.value;
      return call("pert", [min, mode, max], { shape: shape === 4 ? undefined : shape });
    }
    case "normal":
      return byInterval("normal", family.value.interval) ?? call("normal", [family.value.mean, family.value.standardDeviation]);
    case "logNormal": {
      const { interval, mean, standardDeviation, logMean, logStandardDeviation } = family.value;
      return interval ? ends(interval)
        : call("log_normal", [], { mean, sd: standardDeviation, log_mean: logMean, log_sd: logStandardDeviation });
    }
    case "gamma":
    case "weibull": {
      const { interval, shape, scale, mean, standardDeviation } = family.value;
      return byInterval(family.case, interval)
        ?? (shape === undefined ? call(family.case, [], { mean, sd: standardDeviation }) : call(family.case, [shape, scale]));
    }
    case "exponential":
      return call("exponential", [family.value.mean]);
    case "beta": {
      const { alpha, beta, min, max } = family.value;
      return call("beta", [alpha, beta], { min, max });
    }
    case "poisson":
      return call("poisson", [family.value.mean]);
    case "negativeBinomial":
      return call("negative_binomial", [], { mean: family.value.mean, dispersion: family.value.dispersion });
    case "discrete":
      return `discrete(${family.value.outcomes.map(({ weight, value }) => `${number(weight ?? 0)}: ${number(value ?? 0)}`).join(", ")})`;
    case "empirical": {
      const { samples, quantiles, min, max } = family.value;
      return samples.length > 0 ? call("samples", samples) : call("quantiles", points(quantiles), { min, max });
    }
    case "metalog": {
      const { quantiles, lowerBound, upperBound } = family.value;
      return call("metalog", points(quantiles), { lower: lowerBound, upper: upperBound });
    }
    case "mixture":
      return `mixture(${family.value.components
        .map(({ weight, distribution }) => `${number(weight ?? 0)}: ${distribution ? notationOf(distribution) : ""}`)
        .join(", ")})`;
    case "text":
      return family.value;
    case undefined:
      return "";
  }
}

const ends = (interval: Interval) => intervalText(interval.low ?? 0, interval.high ?? 0, interval.probability);

const byInterval = (name: string, interval: Interval | undefined) => (interval ? `${name}(${ends(interval)})` : undefined);

const points = (quantiles: readonly { probability?: number; value?: number }[]) =>
  quantiles.map(({ probability, value }) => `${number(probability ?? 0)}: ${number(value ?? 0)}`);

function call(name: string, ordered: readonly (number | string | undefined)[], named: Record<string, number | undefined> = {}): string {
  const parameters = Object.entries(named).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${number(value)}`]));
  return `${name}(${[...ordered.map((value) => (typeof value === "string" ? value : number(value ?? 0))), ...parameters].join(", ")})`;
}
