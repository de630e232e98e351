import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ScenarioSchema } from "../gen/scenarios/v1/scenario_pb";
import { type Question, requestOf, sliceDays } from "./question";

const scenario = create(ScenarioSchema, {
  startDate: { year: 2024, month: 11, day: 17 }, horizonDays: 730, stepDays: 7, thresholds: [50_000n],
});
const question: Question = { scenario, storedAs: "scenarios/x", edits: {}, counts: [], seed: 1n };

test("the slice knows every grid day of a short grid, the horizon last", () => {
  const days = sliceDays(scenario, 730, 7);
  expect(days).toHaveLength(106);
  expect(days.slice(-3)).toEqual([721, 728, 730]);
  expect(sliceDays(scenario, 728, 7).slice(-2)).toEqual([721, 728]);
});

test("the slice knows the quarter starts of a long grid", () => {
  expect(sliceDays(scenario, 365, 1)).toEqual([0, 45, 135, 226, 318, 365]);
  expect(sliceDays(scenario, 100_000, 1).length).toBeLessThanOrEqual(151);
});

test("counts of the reader stand beside the scenario's thresholds, and none of them means the scenario's own", () => {
  expect(requestOf({ ...question, counts: [75_000, 50_000] }, 1_000, false).thresholds).toEqual([50_000n, 75_000n]);
  expect(requestOf(question, 1_000, false).thresholds).toEqual([]);
});

test("a stored scenario is named, another is given", () => {
  expect(requestOf(question, 1_000, false).source).toEqual({ case: "scenarioName", value: "scenarios/x" });
  expect(requestOf({ ...question, storedAs: "" }, 1_000, false).source).toEqual({ case: "scenario", value: scenario });
});

test("edits of the time decide the days of the slice", () => {
  expect(requestOf({ ...question, edits: { horizon_days: "70" } }, 1_000, false).histogramDays.at(-1)).toBe(70);
});
