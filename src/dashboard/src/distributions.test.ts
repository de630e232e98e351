import { expect, test } from "vitest";
import { endsOf, inFamily, withEnds } from "./distributions";
import { notationOf } from "./notation";

test.each([
  ["log-normal", "60 to 150"],
  ["gamma", "gamma(60 to 150)"],
  ["Weibull", "weibull(60 to 150)"],
  ["normal", "normal(60 to 150)"],
  ["PERT", "pert(32.6, 105, 177)"],
  ["fixed", "105"],
] as const)("%s between 60 and 150 is %s", (name, text) => {
  expect(notationOf(inFamily(name, 60, 150))).toBe(text);
});

test.each([
  ["gamma", "gamma(45 to 150)"],
  ["PERT", "pert(45, 105, 150)"],
] as const)("%s keeps its family between other ends", (name, text) => {
  expect(notationOf(withEnds(inFamily(name, 60, 150), 45, 150))).toBe(text);
});

test("a mode stays between the ends", () => {
  expect(notationOf(withEnds(inFamily("PERT", 60, 150), 120, 150))).toBe("pert(120, 120, 150)");
});

test("the ends of an interval hold its probability, those of a range all of it", () => {
  expect(endsOf(inFamily("gamma", 60, 150))).toEqual({ low: 60, high: 150, probability: 0.9 });
  expect(endsOf(inFamily("PERT", 60, 150))).toEqual({ low: 32.6, high: 177, probability: 1 });
  expect(endsOf(inFamily("fixed", 60, 150))).toBeNull();
});
