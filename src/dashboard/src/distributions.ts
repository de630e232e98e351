import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Distribution, DistributionSchema } from "./gen/scenarios/v1/distribution_pb";
import { usualProbability } from "./notation";

/** The two ends of a distribution that a reader can take hold of. */
export interface Ends {
  readonly low: number;
  readonly high: number;
  /** How much lies in between; 1: they are the smallest and the largest value. */
  readonly probability: number;
}

/** Families that the page offers by name. */
export const offered = ["log-normal", "gamma", "Weibull", "normal", "PERT", "fixed"] as const;

export type Offered = (typeof offered)[number];

/** Share of its width that a symmetric PERT distribution has below its 5 % quantile: that of a Beta(3, 3). */
const pertTail = 0.18925537;

/** The ends of a distribution; null where it has none to take hold of. */
export function endsOf({ family }: Distribution): Ends | null {
  switch (family.case) {
    case "normal":
    case "logNormal":
    case "gamma":
    case "weibull": {
      const { interval } = family.value;
      return interval ? { low: interval.low ?? 0, high: interval.high ?? 0, probability: interval.probability ?? usualProbability } : null;
    }
    case "uniform":
    case "triangular":
    case "pert":
      return { low: family.value.min ?? 0, high: family.value.max ?? 0, probability: 1 };
    default:
      return null;
  }
}

/** The same distribution between other ends. */
export function withEnds(distribution: Distribution, low: number, high: number): Distribution {
  const { family, truncation } = distribution;
  const made = (next: MessageInitShape<typeof DistributionSchema>["family"]) => create(DistributionSchema, { family: next, truncation });
  switch (family.case) {
    case "normal":
    case "logNormal":
    case "gamma":
    case "weibull":
      return made({ case: family.case, value: { interval: { low, high, probability: family.value.interval?.probability } } });
    case "uniform":
      return made({ case: "uniform", value: { min: low, max: high } });
    case "triangular":
      return made({ case: "triangular", value: { min: low, mode: clamped(family.value.mode, low, high), max: high } });
    case "pert":
      return made({ case: "pert", value: { min: low, mode: clamped(family.value.mode, low, high), max: high, shape: family.value.shape } });
    default:
      return distribution;
  }
}

/** Another family with the same 90 % between the same numbers. */
export function inFamily(name: Offered, low: number, high: number): Distribution {
  const interval = { low: tidy(low), high: tidy(high), probability: usualProbability };
  const width = high - low;
  const made = (family: MessageInitShape<typeof DistributionSchema>["family"]) => create(DistributionSchema, { family });
  switch (name) {
    case "log-normal": return made({ case: "logNormal", value: { interval } });
    case "gamma": return made({ case: "gamma", value: { interval } });
    case "Weibull": return made({ case: "weibull", value: { interval } });
    case "normal": return made({ case: "normal", value: { interval } });
    case "PERT": {
      const beyond = (width * pertTail) / (1 - 2 * pertTail);
      return made({ case: "pert", value: { min: tidy(low - beyond), mode: tidy((low + high) / 2), max: tidy(high + beyond), shape: 4 } });
    }
    case "fixed": return made({ case: "constant", value: tidy((low + high) / 2) });
  }
}

/** A number that somebody would write: three significant figures, or whole where it was. */
export function tidy(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(3));
}

const clamped = (value = 0, low: number, high: number) => Math.min(Math.max(value, low), high);
