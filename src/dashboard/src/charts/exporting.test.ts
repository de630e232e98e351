import { expect, it } from "vitest";
import { csvOf, wrapped } from "./exporting";
import { dprkRotation } from "./testing/dprkRotation";

it("writes every figure of the service in full, with its error", () => {
  const projection = dprkRotation();
  const [head, ...rows] = csvOf(projection).trimEnd().split("\r\n").map((line) => line.split(","));
  expect(head!.slice(0, 4)).toEqual(["date", "day", "quantile 0.05", "quantile 0.05 ±"]);
  expect(head!.slice(-6)).toEqual(["chance 50000", "chance 50000 ±", "chance 75000", "chance 75000 ±", "chance ceiling 100000", "chance ceiling 100000 ±"]);
  expect(rows).toHaveLength(projection.points.length);
  const last = rows.at(-1)!;
  const end = projection.points.at(-1)!.cumulative!;
  expect(last.slice(0, 2)).toEqual(["2026-11-17", "730"]);
  expect(last.slice(2, 12).filter((_, i) => i % 2 === 0).map(Number)).toEqual(end.quantiles);
  expect(last[head!.indexOf("mean")]).toBe(`${end.mean}`);
  expect(Number(last[head!.indexOf("mean ±")])).toBeCloseTo(1.96 * end.meanStandardError, 2);
  expect(Number(last[head!.indexOf("chance ceiling 100000")])).toBe(projection.cap!.reachedProbability);
  expect(rows.every((row) => row.length === head!.length)).toBe(true);
});

it("breaks a sentence into lines and keeps its emphasis whole", () => {
  const sentence = "about **83,000 troops** will have been sent";
  const lines = wrapped(sentence, 10, 90);
  expect(lines).toEqual(["about **83,000**", "**troops** will have", "been sent"]);
  expect(wrapped(sentence, 10, 10_000)).toEqual([sentence]);
});
