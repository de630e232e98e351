import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { changed, effects, timing } from "./eventWords";
import { ProjectionSchema } from "./gen/scenarios/v1/projection_pb";
import { EventSchema, ScenarioSchema } from "./gen/scenarios/v1/scenario_pb";

const words = (text: string) => text.replaceAll("\u00a0", " ");

const scenario = create(ScenarioSchema, {
  startDate: { year: 2024, month: 11, day: 17 }, horizonDays: 730, events: [{ eventId: "storm", displayName: "A storm" }],
});
const event = (given: MessageInitShape<typeof EventSchema>) => create(EventSchema, { eventId: "x", ...given });
const projection = (given: MessageInitShape<typeof ProjectionSchema>) => create(ProjectionSchema, { paths: 1_000_000n, quantileLevels: [0.25, 0.5], ...given });
const happening = projection({ events: [{ eventId: "x", probability: 0.393, probabilityStandardError: 0.0005 }] });

test.each<[MessageInitShape<typeof EventSchema>, string]>([
  [{ timing: { timing: { case: "hazardPerYear", value: 0.25 } } }, "0.25 a year, so 39 % by 17 November 2026."],
  [{ timing: { timing: { case: "hazardPerYear", value: 0.25 } }, probability: 0.5, after: "storm" },
    "0.25 a year, once A storm has happened, if at all (50 %), so 39 % by 17 November 2026."],
  [{ timing: { timing: { case: "probabilityWithinHorizon", value: 0.3 } } }, "30 % by 17 November 2026."],
  [{ timing: { timing: { case: "date", value: { year: 2025, month: 3, day: 1 } } } }, "On 1 March 2025."],
  [{ timing: { timing: { case: "days", value: { distribution: { family: { case: "constant", value: 90 } } } } } },
    "90 days after the start, so 39 % by 17 November 2026."],
])("%o happens: %s", (given, sentence) => {
  expect(words(timing(event(given), scenario, [null, happening]))).toBe(sentence);
});

test("a chance that nobody has computed yet is left open", () => {
  expect(words(timing(event({ timing: { timing: { case: "hazardPerYear", value: 0.25 } } }), scenario, [projection({})])))
    .toBe("0.25 a year, so … by 17 November 2026.");
});

test.each<[MessageInitShape<typeof EventSchema>, string]>([
  [{ effects: { halt: true } }, "From then on no batch comes."],
  [{ effects: { halt: true }, durationDays: { distribution: { family: { case: "uniform", value: { min: 30, max: 60 } } } } }, "For 30 to 60 days no batch comes."],
  [{ effects: { intervalFactor: 0.8, batchSizeFactor: 1.25 } }, "Gaps × 0.8 and batches × 1.25 from then on."],
  [{ effects: { capChange: -20_000, intervalFactor: 1 } }, "The ceiling falls by 20,000 from then on."],
  [{ effects: { batchSizeFactor: 0 } }, "Batches × 0 from then on."],
  [{}, "It changes nothing by itself."],
])("%o: %s", (given, sentence) => {
  expect(words(effects(event(given)))).toBe(sentence);
});

const cap = (reachedProbability: number) => projection({ cap: { reachedProbability, reachedProbabilityStandardError: 0.0003 } });

test("Mend: a what-if tells the count whose chance moves most, and never compares shares of so many paths with those of others", () => {
  const asking = (paths: bigint, ceiling: number, first: number, second: number, median = 1) => projection({
    paths, cap: { reachedProbability: ceiling }, points: [{ cumulative: { quantiles: [1, median] } }],
    thresholds: [{ count: 50_000n, reachedProbability: first }, { count: 75_000n, reachedProbability: second }],
  });
  expect(words(changed(asking(1_000_000n, 0, 0.9996, 0.73), asking(200_000n, 0, 1, 0.41)))).toBe("the chance of passing 75,000 falls from 73 % to 41 %.");
  expect(words(changed(asking(1_000_000n, 0.00001, 0.9996, 0.9999), asking(200_000n, 0, 1, 1)))).toBe("the chance of passing 50,000 stays at over 99.9 %.");
  expect(words(changed(asking(1_000_000n, 0, 0.9996, 1, 80_000), asking(200_000n, 0, 1, 1, 90_000)))).toBe("an even chance of more than 90,000 in place of 80,000.");
});

test("what changes is the chance of the ceiling, then of the first count, then the middle", () => {
  expect(words(changed(cap(0.128), cap(0.081)))).toBe("the chance of the ceiling falls from 13 % to 8 %.");
  expect(words(changed(cap(0.128), cap(0.249)))).toBe("the chance of the ceiling rises from 13 % to 25 %.");
  expect(words(changed(cap(0.128), cap(0.129)))).toBe("the chance of the ceiling stays at 13 %.");
  const passing = (reachedProbability: number) => projection({ thresholds: [{ count: 50_000n, reachedProbability, reachedProbabilityStandardError: 0.0003 }] });
  expect(words(changed(passing(0.997), passing(0.757)))).toBe("the chance of passing 50,000 falls from 99.7 % to 76 %.");
  const middle = (median: number) => projection({ points: [{ cumulative: { quantiles: [1, median] } }] });
  expect(words(changed(middle(83_240), middle(74_240)))).toBe("an even chance of more than 74,240 in place of 83,240.");
});
