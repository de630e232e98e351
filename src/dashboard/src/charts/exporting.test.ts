import { expect, it } from "vitest";
import { csvOf, wrapped } from "./exporting";
import { dprkRotation } from "./testing/dprkRotation";

const about = { revision: 3, on: { year: 2026, month: 12, day: 1 } };

it("Mend: a table says what it is of: scenario, revision, premise, answer, events, sources, day, name and seed", () => {
  const projection = dprkRotation();
  projection.scenario!.displayName = 'Troops, "in rotation"';
  const said = csvOf(projection, about).split("\r\n").filter((line) => /^"?#/.test(line)).join("\n").replaceAll("\u00a0", " ");
  for (const words of [
    'Troops, ""in rotation"", revision 3', "Projection from 17 November 2024 to 17 November 2026", projection.name, "10,000 paths, seed 1", "1 December 2026", "troops** will".replace("**", ""),
    ...projection.scenario!.events.map(({ displayName }) => `Event: ${displayName}: off`), ...projection.scenario!.assumptions!.cap!.evidence.map(({ claim }) => claim),
  ]) expect(said).toContain(words);
});

it("writes every figure of the service in full, with its error", () => {
  const projection = dprkRotation();
  const lines = csvOf(projection, about).trimEnd().split("\r\n").filter((line) => !/^"?#/.test(line));
  const [head, ...rows] = lines.map((line) => line.split(","));
  expect(head!.slice(0, 4)).toEqual(["date", "day", "quantile 0.05", "quantile 0.05 ±"]);
  expect(head!.slice(14, 20)).toEqual(["chance 50000", "chance 50000 ±", "chance 75000", "chance 75000 ±", "chance ceiling 100000", "chance ceiling 100000 ±"]);
  expect(head!.slice(20)).toEqual([0.05, 0.25, 0.5, 0.75, 0.95].flatMap((level) => [`present quantile ${level}`, `present quantile ${level} ±`]).concat("present mean", "present mean ±"));
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
