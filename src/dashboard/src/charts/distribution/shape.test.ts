import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { type Distribution, DistributionSchema } from "../../gen/scenarios/v1/distribution_pb";
import { shownDomain } from "./plot";
import { isOverLogarithms, quantileIn, quantileOf, shapeOf } from "./shape";
import { gammaQuantile, logGamma, normalQuantile } from "./special";

const made = (init: MessageInitShape<typeof DistributionSchema>): Distribution => create(DistributionSchema, init);
const close = (value: number, wanted: number, relative = 1e-3) => expect(Math.abs(value / wanted - 1), `${value} for ${wanted}`).toBeLessThan(relative);

/** Densities at a value, and everything together. */
const densityAt = (distribution: Distribution, value: number) => {
  const { curve } = shapeOf(distribution)!;
  const i = curve.findIndex(([x]) => x >= value);
  const [to, from] = [curve[i]!, curve[Math.max(0, i - 1)]!];
  return to[0] === from[0] ? to[1] : from[1] + ((to[1] - from[1]) * (value - from[0])) / (to[0] - from[0]);
};
const massOf = (distribution: Distribution) => {
  const { curve, atoms } = shapeOf(distribution)!;
  return atoms.reduce((sum, atom) => sum + atom.probability, 0) + curve.slice(1).reduce((sum, [x, y], i) => sum + ((x - curve[i]![0]) * (y + curve[i]![1])) / 2, 0);
};

const interval = (low: number, high: number, probability?: number) => ({ interval: { low, high, ...(probability === undefined ? {} : { probability }) } });

// Reference values from the definitions, with Python's math.lgamma, math.exp and statistics.NormalDist; the quantiles of gamma(10) and
// gamma(1/2) are half those of the chi-squared distribution with 20 and 1 degrees of freedom.
describe("special functions", () => {
  it("has the logarithm of gamma", () => {
    close(logGamma(0.5), 0.5723649429247001, 1e-10);
    close(logGamma(10), 12.801827480081469, 1e-10);
    close(logGamma(0.05), 2.968879201051731, 1e-10);
  });
  it("has normal quantiles", () => {
    close(normalQuantile(0.95), 1.6448536269514722, 1e-8);
    close(normalQuantile(0.0001), -3.719016485455709, 1e-8);
  });
  it("has gamma quantiles", () => {
    close(gammaQuantile(1, 0.5), Math.LN2, 1e-9);
    close(gammaQuantile(10, 0.05), 5.425405697091294, 1e-8);
    close(gammaQuantile(0.5, 0.95), 1.9207294103470622, 1e-8);
    close(gammaQuantile(5_000, 0.95), 5_116.8664, 1e-5);
  });
});

describe("densities", () => {
  it("of a normal", () => {
    const distribution = made({ family: { case: "normal", value: { mean: 100, standardDeviation: 30 } } });
    close(densityAt(distribution, 100), 0.01329807601338109);
    close(densityAt(distribution, 145), 0.004317253183, 2e-3);
  });

  it("of a log-normal by any of its forms", () => {
    const byInterval = made({ family: { case: "logNormal", value: interval(60, 150) } });
    // Its logarithm has mean 4.5524899 and deviation 0.2785326.
    close(densityAt(byInterval, 95), 0.01507665631643048);
    const byMoments = made({ family: { case: "logNormal", value: { mean: 100, standardDeviation: 30 } } });
    close(quantileOf(byMoments, 0.5), 95.7826285, 1e-4);
    const byLogs = made({ family: { case: "logNormal", value: { logMean: 2, logStandardDeviation: 0.5 } } });
    close(quantileOf(byLogs, 0.5), Math.exp(2), 1e-4);
  });

  it("of a gamma by any of its forms", () => {
    close(densityAt(made({ family: { case: "gamma", value: { shape: 3, scale: 2 } } }), 4), 0.1353352832366127);
    close(densityAt(made({ family: { case: "gamma", value: { mean: 6, standardDeviation: Math.sqrt(12) } } }), 4), 0.1353352832366127);
    const byInterval = made({ family: { case: "gamma", value: interval(60, 150) } });
    close(quantileIn(shapeOf(byInterval)!, 0.05), 60);
    close(quantileIn(shapeOf(byInterval)!, 0.95), 150);
  });

  it("of a Weibull by any of its forms, and of the exponential", () => {
    close(densityAt(made({ family: { case: "weibull", value: { shape: 2, scale: 10 } } }), 5), 0.07788007830714049, 2e-3);
    const byMoments = made({ family: { case: "weibull", value: { mean: 8.862269254527579, standardDeviation: 4.632513730 } } });
    close(quantileIn(shapeOf(byMoments)!, 0.5), 10 * Math.sqrt(Math.LN2));
    const byInterval = made({ family: { case: "weibull", value: interval(60, 150) } });
    close(quantileIn(shapeOf(byInterval)!, 0.05), 60, 2e-3);
    close(quantileIn(shapeOf(byInterval)!, 0.95), 150);
    close(quantileOf(made({ family: { case: "exponential", value: { mean: 10 } } }), 0.5), 10 * Math.LN2);
  });

  it("of PERT, beta, triangular and uniform", () => {
    const pert = made({ family: { case: "pert", value: { min: 4_000, mode: 10_000, max: 15_000 } } });
    // Beta(3.1818, 2.8182) on 4,000 to 15,000: the 5 % and 95 % points of the design's picture.
    close(quantileOf(pert, 0.05), 6_400, 0.01);
    close(quantileOf(pert, 0.95), 13_200, 0.01);
    close(densityAt(made({ family: { case: "beta", value: { alpha: 2, beta: 5 } } }), 0.3), 2.1609);
    close(quantileOf(made({ family: { case: "triangular", value: { min: 0, mode: 1, max: 2 } } }), 0.125), 0.5, 1e-9);
    close(densityAt(made({ family: { case: "uniform", value: { min: 2, max: 6 } } }), 3), 0.25, 1e-12);
    close(massOf(made({ family: { case: "beta", value: { alpha: 0.5, beta: 0.5 } } })), 1, 1e-9);
  });

  it("of counts: few as atoms, many as a curve", () => {
    const few = shapeOf(made({ family: { case: "poisson", value: { mean: 3 } } }))!;
    close(few.atoms.find(({ value }) => value === 2)!.probability, 0.22404180765538775, 1e-6);
    const many = made({ family: { case: "poisson", value: { mean: 10_000 } } });
    expect(shapeOf(many)!.atoms).toEqual([]);
    close(densityAt(many, 10_000), 0.003989389558, 2e-3);
    const negative = shapeOf(made({ family: { case: "negativeBinomial", value: { mean: 3, dispersion: 2 } } }))!;
    close(negative.atoms.find(({ value }) => value === 2)!.probability, 0.1728, 1e-3);
  });

  it("of what is listed", () => {
    const discrete = shapeOf(made({ family: { case: "discrete", value: { outcomes: [{ value: 1, weight: 1 }, { value: 5, weight: 2 }, { value: 1, weight: 1 }] } } }))!;
    expect(discrete.atoms).toEqual([{ value: 1, probability: 0.5 }, { value: 5, probability: 0.5 }]);
    const samples = made({ family: { case: "empirical", value: { samples: [3, 1, 2, 2] } } });
    expect(quantileOf(samples, 0.5)).toBe(2);
    const quantiles = made({ family: { case: "empirical", value: { quantiles: [{ probability: 0.5, value: 10 }, { probability: 0.7, value: 10 }], min: 0, max: 40 } } });
    expect(shapeOf(quantiles)!.atoms).toEqual([{ value: 10, probability: expect.closeTo(0.2, 10) }]);
    expect(quantileOf(quantiles, 0.25)).toBeCloseTo(5, 10);
    expect(quantileOf(quantiles, 0.6)).toBeCloseTo(10, 10);
    expect(quantileOf(quantiles, 0.85)).toBeCloseTo(25, 10);
  });

  it("of a metalog, through its quantiles", () => {
    const quantiles = [{ probability: 0.1, value: 60 }, { probability: 0.5, value: 90 }, { probability: 0.9, value: 150 }];
    for (const bounds of [{}, { lowerBound: 0 }, { upperBound: 400 }, { lowerBound: 0, upperBound: 400 }]) {
      const metalog = made({ family: { case: "metalog", value: { quantiles, ...bounds } } });
      quantiles.forEach(({ probability, value }) => close(quantileOf(metalog, probability), value, 2e-3));
    }

    const five = [...quantiles, { probability: 0.25, value: 72 }, { probability: 0.75, value: 115 }].sort((one, other) => one.probability - other.probability);
    const metalog = made({ family: { case: "metalog", value: { quantiles: five } } });
    five.forEach(({ probability, value }) => close(quantileOf(metalog, probability), value, 2e-3));
  });

  it("of a mixture, weights made to hold 1", () => {
    const mixture = made({ family: { case: "mixture", value: { components: [
      { weight: 7, distribution: { family: { case: "uniform", value: { min: 0, max: 10 } } } },
      { weight: 3, distribution: { family: { case: "uniform", value: { min: 5, max: 25 } } } },
      { weight: 10, distribution: { family: { case: "constant", value: 7 } } },
    ] } } });
    close(massOf(mixture), 1, 1e-9);
    close(densityAt(mixture, 3), 0.035, 1e-9);
    close(densityAt(mixture, 8), 0.0425, 1e-9);
    close(densityAt(mixture, 20), 0.0075, 1e-9);
    expect(quantileOf(mixture, 0.5)).toBe(7);
  });

  it("of a truncated distribution is conditioned, not clamped", () => {
    const truncated = made({ family: { case: "normal", value: { mean: 100, standardDeviation: 30 } }, truncation: { min: 100 } });
    close(massOf(truncated), 1, 1e-9);
    close(densityAt(truncated, 101), 2 * densityAt(made({ family: { case: "normal", value: { mean: 100, standardDeviation: 30 } } }), 101), 2e-3);
    close(quantileOf(truncated, 0.5), 100 + 30 * 0.6744897501960817);
    expect(shapeOf(made({ family: { case: "constant", value: 5 }, truncation: { min: 6 } }))).toBeNull();
  });
});

describe("what is not a distribution", () => {
  it.each([
    { family: { case: "uniform", value: { min: 3 } } },
    { family: { case: "uniform", value: { min: 3, max: 3 } } },
    { family: { case: "pert", value: { min: 1, mode: 9, max: 5 } } },
    { family: { case: "logNormal", value: interval(-60, 150) } },
    { family: { case: "normal", value: { mean: 3 } } },
    { family: { case: "mixture", value: { components: [] } } },
    { family: { case: "text", value: "60 to 150" } },
    {},
  ] as const)("%j has no shape", (init) => expect(shapeOf(made(init as MessageInitShape<typeof DistributionSchema>))).toBeNull());
});

it("keeps what the analyst said", () => {
  const said = made({ family: { case: "gamma", value: interval(60, 150, 0.8) } });
  expect(quantileOf(said, 0.1)).toBe(60);
  expect(quantileOf(said, 0.9)).toBe(150);
});

it("draws positive families over logarithms", () => {
  expect(isOverLogarithms(made({ family: { case: "logNormal", value: interval(60, 150) } }))).toBe(true);
  expect(isOverLogarithms(made({ family: { case: "normal", value: interval(60, 150) } }))).toBe(false);
});

describe("what is shown of a single value", () => {
  const single = shapeOf(made({ family: { case: "constant", value: 15_000 } }))!;
  it("is its place among others, from 0", () => {
    const [low, high] = shownDomain(single, false, 100_000);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(100_000);
  });
  it("is the value in the middle where it stands alone, or beyond all others", () => {
    expect(shownDomain(single, false)).toEqual([0, 30_000]);
    expect(shownDomain(single, false, 10_000)).toEqual([0, 30_000]);
  });
});
