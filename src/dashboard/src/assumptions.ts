import type { Distribution } from "./gen/scenarios/v1/distribution_pb";
import {
  type Assumption, type Assumptions, Assumptions_CapBasis as CapBasis, Assumptions_RotationMode as RotationMode, type Scenario,
} from "./gen/scenarios/v1/scenario_pb";
import { notationOf, usualProbability } from "./notation";
import { longDate } from "./numbers/dates";
import { noBreak, plainNumber } from "./numbers/figures";

/** Keys of ProjectRequest.overrides that hold a distribution, in the order of the page. */
export const quantities = [
  "initial_count", "rotation_interval_days", "batch_size", "cap", "first_arrival_days", "tour_length_days",
] as const;

export type Quantity = (typeof quantities)[number];

/** Those without which nothing can be projected. */
export const required: readonly Quantity[] = ["rotation_interval_days", "batch_size"];

/** What a quantity is counted in: "" for people. */
export const unitOf = (quantity: Quantity): "days" | "" => (quantity.endsWith("_days") ? "days" : "");

/** The assumption about a quantity; undefined where the scenario makes none. */
export function assumptionOf(assumptions: Assumptions | undefined, quantity: Quantity): Assumption | undefined {
  switch (quantity) {
    case "initial_count": return assumptions?.initialCount;
    case "rotation_interval_days": return assumptions?.rotationIntervalDays;
    case "batch_size": return assumptions?.batchSize;
    case "cap": return assumptions?.cap;
    case "first_arrival_days": return assumptions?.firstArrivalDays;
    case "tour_length_days": return assumptions?.tourLengthDays;
  }
}

/** The quantity as a question of fact. */
export function nameOf(quantity: Quantity, scenario: Scenario): string {
  switch (quantity) {
    case "initial_count": return scenario.startDate ? `Already there on ${longDate(scenario.startDate)}` : "Already there at the start";
    case "rotation_interval_days": return "Gap between arrivals";
    case "batch_size": return "Size of a batch";
    case "cap": return scenario.assumptions?.capBasis === CapBasis.PRESENT ? "Ceiling on those present" : "Ceiling on the total";
    case "first_arrival_days": return "First arrival, after the start";
    case "tour_length_days": return "How long a batch stays";
  }
}

/** The quantity within a sentence: "the gap between arrivals". */
export function nounOf(quantity: Quantity): string {
  switch (quantity) {
    case "initial_count": return "the number already there";
    case "rotation_interval_days": return "the gap between arrivals";
    case "batch_size": return "the size of a batch";
    case "cap": return "the ceiling";
    case "first_arrival_days": return "the first arrival";
    case "tour_length_days": return "the stay of a batch";
  }
}

/** A value of the quantity within a sentence: "a gap of 60 to 150 days". */
export function valueOf(quantity: Quantity, value: string): string {
  switch (quantity) {
    case "initial_count": return `${value} already there`;
    case "rotation_interval_days": return `a gap of ${value}`;
    case "batch_size": return `batches of ${value}`;
    case "cap": return `a ceiling of ${value}`;
    case "first_arrival_days": return `a first arrival after ${value}`;
    case "tour_length_days": return `a stay of ${value}`;
  }
}

/** Counts of people that are given as single numbers, with the thresholds: what one of them is seen among. */
export function largestCount({ assumptions, thresholds }: Scenario): number | undefined {
  const given = ([assumptions?.initialCount, assumptions?.cap] as const)
    .flatMap((assumption) => (assumption?.distribution?.family.case === "constant" ? [assumption.distribution.family.value] : []));
  const all = [...given, ...thresholds.map(Number)];
  return all.length > 1 ? Math.max(...all) : undefined;
}

/** A value as a person says it. */
export interface Spoken {
  /** "60 to 150 days". */
  readonly value: string;
  /** "90 %": how much lies in between. */
  readonly aside: string;
  /** "most often 10,000". */
  readonly note: string;
}

/** The value of a distribution as a person says it. */
export function spoken(distribution: Distribution, unit: string): Spoken {
  const suffix = unit && `${noBreak}${unit}`;
  const said = (value: string, aside = "", note = ""): Spoken => ({ value: value + suffix, aside, note: [note, truncation(distribution)].filter(Boolean).join(", ") });
  const onAverage = (mean: number | undefined, note = ""): Spoken => ({ ...said("", "", note), value: `${plainNumber(mean ?? 0)}${suffix} on average` });
  const { family } = distribution;
  switch (family.case) {
    case "constant":
      return said(plainNumber(family.value));
    case "uniform":
      return said(range(family.value.min, family.value.max), "", "each as likely");
    case "triangular":
    case "pert":
      return said(range(family.value.min, family.value.max), "", `most often ${plainNumber(family.value.mode ?? 0)}`);
    case "normal":
    case "logNormal":
    case "gamma":
    case "weibull":
      if (family.value.interval) {
        const { low, high, probability = usualProbability } = family.value.interval;
        return said(range(low, high), `${plainNumber(probability * 100)}${noBreak}%`);
      }
      return family.value.mean === undefined
        ? said(notationOf(distribution))
        : onAverage(family.value.mean, `standard deviation ${plainNumber(family.value.standardDeviation ?? 0)}`);
    case "exponential":
    case "poisson":
    case "negativeBinomial":
      return onAverage(family.value.mean);
    case "beta":
      return said(range(family.value.min ?? 0, family.value.max ?? 1));
    case "empirical":
      return family.value.samples.length > 0
        ? said(range(Math.min(...family.value.samples), Math.max(...family.value.samples)), "", `${plainNumber(family.value.samples.length)} observed values`)
        : said(range(family.value.min, family.value.max), "", `through ${family.value.quantiles.length} quantiles`);
    case "discrete": {
      const values = family.value.outcomes.map(({ value }) => value ?? 0);
      return said(range(Math.min(...values), Math.max(...values)), "", `${values.length} possible values`);
    }
    case "metalog": {
      const { quantiles } = family.value;
      return said(range(quantiles[0]?.value, quantiles.at(-1)?.value), between(quantiles), `through ${quantiles.length} quantiles`);
    }
    case "mixture":
      return { ...said(""), value: `${family.value.components.length} views, weighted` };
    default:
      return said(notationOf(distribution));
  }
}

/** The family as a person says it: "log-normal". */
export function familyName(distribution: Distribution): string {
  switch (distribution.family.case) {
    case "constant": return "fixed";
    case "logNormal": return "log-normal";
    case "pert": return "PERT";
    case "weibull": return "Weibull";
    case "poisson": return "Poisson";
    case "negativeBinomial": return "negative binomial";
    case "empirical": return "observed";
    case undefined: return "";
    default: return distribution.family.case;
  }
}

/** What a rotation does: the value and what it means. */
export function rotation(mode: RotationMode): Spoken | null {
  switch (mode) {
    case RotationMode.RELIEVE: return { value: "Relieves", aside: "", note: "as many leave as arrive" };
    case RotationMode.REINFORCE: return { value: "Reinforces", aside: "", note: "those who arrive add to those present" };
    default: return null;
  }
}

const range = (low: number | undefined, high: number | undefined) => `${plainNumber(low ?? 0)} to ${plainNumber(high ?? 0)}`;

const between = (quantiles: readonly { probability?: number }[]) =>
  `${plainNumber(100 * ((quantiles.at(-1)?.probability ?? 1) - (quantiles[0]?.probability ?? 0)))}${noBreak}%`;

function truncation({ truncation: cut }: Distribution): string {
  return cut?.min !== undefined && cut.max !== undefined ? `nothing outside ${range(cut.min, cut.max)}`
    : cut?.min !== undefined ? `nothing below ${plainNumber(cut.min)}`
    : cut?.max !== undefined ? `nothing above ${plainNumber(cut.max)}`
    : "";
}
