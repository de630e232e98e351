import { describe, expect, it } from "vitest";
import { dprkRotation } from "./charts/testing/dprkRotation";
import { plain } from "./emphasis";
import { expectedConsequence, expectedHeadline, longestConsequence, longestHeadline } from "./longest";

const most = 1_000_000;

describe("Mend: what an answer may become has its room from the first snapshot", () => {
  const early = "By 17 November 2026 about **83,000 troops** will have been sent in total, very likely (95 %) more than **62,000**; ";
  it.each([
    ["passing **50,000** is almost certain (over 99 %).", "passing **50,000** is almost certain (99.7 %)."],
    ["passing **50,000** is almost certain (over 99 %).", "passing **50,000** is almost certain (over 99.9 %)."],
    ["passing **50,000** is likely (about 79 %).", "passing **50,000** is very likely (81 %)."],
    ["passing **50,000** has almost no chance (none of 1,000 futures).", "passing **50,000** has almost no chance (none of 1,000,000 futures)."],
    ["passing **50,000** is very unlikely (about 5 %).", "passing **50,000** has almost no chance (4 %)."],
    ["reaching the ceiling of **9** is almost certain (all of 1,000 futures).", "reaching the ceiling of **9** is almost certain (all of 1,000,000 futures)."],
  ])("%s may become %s", (first, last) => {
    expect(longestHeadline(early + first, 1_000, most).length).toBeGreaterThanOrEqual((early + last).length);
  });

  it("keeps what does not change, and the emphasis whole", () => {
    const longest = longestHeadline(`${early}passing **50,000** is likely (73 %), reaching the ceiling of **100,000** very unlikely (13 %).`, most, most);
    expect(plain(longest).replaceAll("\u00a0", " ")).toMatch(/^By 17 November 2026 about 83,000 troops will have been sent in total, very likely \(95 %\) more than about 62,000; passing 50,000 has likely \(\d+ %\), reaching the ceiling of 100,000 very unlikely \(13 %\)\.$/);
    expect(longest.split("**").length % 2).toBe(1);
  });

  it("of the sentences below", () =>
    expect(longestConsequence("100,000 within a year happens in **none of 1,000 futures**; the fastest 1 in 100 get there by 2 May 2026.", most).replaceAll("\u00a0", " "))
      .toBe("100,000 within a year happens in **1,000 of 1,000,000 futures**; the fastest 1 in 100 get there by 26 September 2026."));
});

it("Mend: the room before the first snapshot is that of the answer of the founding scenario", () => {
  const projection = dprkRotation();
  expect(expectedHeadline(projection.scenario!, most).length).toBeGreaterThanOrEqual(longestHeadline(projection.headline, 1_000, most).length);
  expect(expectedConsequence(projection.scenario!, most).length).toBeGreaterThanOrEqual(projection.consequence.length);
});
