import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { familyName, largestCount, spoken } from "./assumptions";
import { DistributionSchema } from "./gen/scenarios/v1/distribution_pb";
import { ScenarioSchema } from "./gen/scenarios/v1/scenario_pb";

type Family = MessageInitShape<typeof DistributionSchema>["family"];

const interval = { low: 60, high: 150, probability: 0.9 };

/** Value, aside and note in one line. */
const said = (family: Family, unit: string, truncation?: { min?: number; max?: number }) => {
  const { value, aside, note } = spoken(create(DistributionSchema, truncation ? { family, truncation } : { family }), unit);
  return [value, aside, note].join(" | ").replaceAll("\u00a0", " ");
};

test.each<[Family, string, string, string]>([
  [{ case: "constant", value: 15_000 }, "", "15,000 |  | ", "fixed"],
  [{ case: "logNormal", value: { interval } }, "days", "60 to 150 days | 90 % | ", "log-normal"],
  [{ case: "gamma", value: { interval: { ...interval, probability: 0.8 } } }, "days", "60 to 150 days | 80 % | ", "gamma"],
  [{ case: "pert", value: { min: 4_000, mode: 10_000, max: 15_000 } }, "", "4,000 to 15,000 |  | most often 10,000", "PERT"],
  [{ case: "uniform", value: { min: 0.5, max: 2 } }, "", "0.5 to 2 |  | each as likely", "uniform"],
  [{ case: "normal", value: { mean: 100, standardDeviation: 30 } }, "days", "100 days on average |  | standard deviation 30", "normal"],
  [{ case: "exponential", value: { mean: 30 } }, "days", "30 days on average |  | ", "exponential"],
  [{ case: "discrete", value: { outcomes: [{ value: 300, weight: 1 }, { value: 100, weight: 2 }] } }, "", "100 to 300 |  | 2 possible values", "discrete"],
  [{ case: "empirical", value: { samples: [5, 3, 8] } }, "", "3 to 8 |  | 3 observed values", "observed"],
  [{ case: "metalog", value: { quantiles: [{ probability: 0.1, value: 60 }, { probability: 0.5, value: 90 }, { probability: 0.9, value: 150 }] } }, "days",
    "60 to 150 days | 80 % | through 3 quantiles", "metalog"],
  [{ case: "mixture", value: { components: [{ weight: 1 }, { weight: 2 }] } }, "days", "2 views, weighted |  | ", "mixture"],
])("%o in %s is %s, of the family %s", (family, unit, sentence, name) => {
  expect(said(family, unit)).toBe(sentence);
  expect(familyName(create(DistributionSchema, { family }))).toBe(name);
});

test("a truncation is said", () => {
  expect(said({ case: "normal", value: { interval } }, "days", { min: 1 })).toBe("60 to 150 days | 90 % | nothing below 1");
  expect(said({ case: "pert", value: { min: 1, mode: 2, max: 3 } }, "", { min: 1.5, max: 2.5 })).toBe("1 to 3 |  | most often 2, nothing outside 1.5 to 2.5");
});

test("a single count is seen among the others, and alone among none", () => {
  const constant = (value: number) => ({ distribution: { family: { case: "constant" as const, value } } });
  expect(largestCount(create(ScenarioSchema, { assumptions: { initialCount: constant(15_000), cap: constant(100_000) }, thresholds: [50_000n] }))).toBe(100_000);
  expect(largestCount(create(ScenarioSchema, { assumptions: { initialCount: constant(15_000) }, thresholds: [50_000n] }))).toBe(50_000);
  expect(largestCount(create(ScenarioSchema, { assumptions: { initialCount: constant(15_000) } }))).toBeUndefined();
});
