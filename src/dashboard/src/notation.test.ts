import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { DistributionSchema } from "./gen/scenarios/v1/distribution_pb";
import { notationOf } from "./notation";

const interval = { low: 60, high: 150, probability: 0.9 };

test.each<[MessageInitShape<typeof DistributionSchema>["family"], string]>([
  [{ case: "constant", value: 15000 }, "15000"],
  [{ case: "logNormal", value: { interval } }, "60 to 150"],
  [{ case: "logNormal", value: { interval: { ...interval, probability: 0.8 } } }, "60 to 150 (80 %)"],
  [{ case: "logNormal", value: { mean: 100, standardDeviation: 30 } }, "log_normal(mean=100, sd=30)"],
  [{ case: "normal", value: { interval } }, "normal(60 to 150)"],
  [{ case: "normal", value: { mean: 100, standardDeviation: 30 } }, "normal(100, 30)"],
  [{ case: "gamma", value: { shape: 2, scale: 3.5 } }, "gamma(2, 3.5)"],
  [{ case: "weibull", value: { mean: 100, standardDeviation: 30 } }, "weibull(mean=100, sd=30)"],
  [{ case: "pert", value: { min: 4000, mode: 10000, max: 15000, shape: 4 } }, "pert(4000, 10000, 15000)"],
  [{ case: "pert", value: { min: 4000, mode: 10000, max: 15000, shape: 2 } }, "pert(4000, 10000, 15000, shape=2)"],
  [{ case: "beta", value: { alpha: 2, beta: 3, min: 0, max: 10 } }, "beta(2, 3, min=0, max=10)"],
  [{ case: "discrete", value: { outcomes: [{ value: 5, weight: 1 }, { value: 0, weight: 3 }] } }, "discrete(1: 5, 3: 0)"],
  [{ case: "empirical", value: { samples: [3, 4] } }, "samples(3, 4)"],
  [{ case: "empirical", value: { quantiles: [{ probability: 0.5, value: 9 }], min: 1, max: 20 } }, "quantiles(0.5: 9, min=1, max=20)"],
  [{ case: "metalog", value: { quantiles: [{ probability: 0.1, value: 60 }, { probability: 0.9, value: 150 }], lowerBound: 0 } },
    "metalog(0.1: 60, 0.9: 150, lower=0)"],
  [{ case: "mixture", value: { components: [
    { weight: 0.7, distribution: { family: { case: "logNormal", value: { interval } } } },
    { weight: 0.3, distribution: { family: { case: "uniform", value: { min: 20, max: 40 } } } },
  ] } }, "mixture(0.7: 60 to 150, 0.3: uniform(20, 40))"],
])("%o is written %s", (family, text) => {
  expect(notationOf(create(DistributionSchema, { family }))).toBe(text);
});

test("a truncation is written behind the family", () => {
  const family = { case: "normal", value: { interval } } as const;
  expect(notationOf(create(DistributionSchema, { family, truncation: { min: 1 } }))).toBe("normal(60 to 150) truncated at least 1");
  expect(notationOf(create(DistributionSchema, { family, truncation: { max: 200 } }))).toBe("normal(60 to 150) truncated at most 200");
  expect(notationOf(create(DistributionSchema, { family, truncation: { min: 1, max: 200 } }))).toBe("normal(60 to 150) truncated 1 to 200");
});
