import { describe, expect, it } from "vitest";
import { above, between, steps, through, written } from "./outlines";

const xs = ["0", "10", "20"];

describe("outlines", () => {
  it("write places to the tenth of a pixel", () => expect([1 / 3, 2, -0.04, 12.25].map(written)).toEqual(["0.3", "2", "0", "12.3"]));
  it("run through places", () => expect(through(xs, ["1", "2", "3"])).toBe("M0,1L10,2L20,3"));
  it("lie between two lines", () => expect(between(xs, ["1", "2", "3"], ["4", "5", "6"])).toBe("M0,4L10,5L20,6L20,3L10,2L0,1Z"));
  it("lie above a level", () => expect(above(xs, ["1", "2", "3"], 9.99)).toBe("M0,1L10,2L20,3L20,10H0Z"));
  it("step, and go on to an end", () => expect(steps(xs, ["1", "2", "3"], 30)).toBe("M0,1H10V2H20V3H30"));
  it("are empty where there is nothing", () => expect([through([], []), between([], [], []), above([], [], 5), steps([], [], 5)]).toEqual(["", "", "", ""]));
});
