import { describe, expect, it } from "vitest";
import { chance, chanceWord, percentWithError, shareError } from "./chances";
import { addDays, dayNumber, isoDate, longDate, shortDate } from "./dates";
import { computed, count, errorWords, plainNumber, shortCount } from "./figures";
import { bandWords, levelWords } from "./levels";
import { countTicks, dateTicks } from "./ticks";

/** A half-width as a standard error. */
const halfWidth = (value: number) => value / 1.96;

describe("counts", () => {
  it.each([
    [83_240.4, "83,240"],
    [0, "0"],
    [0.5, "1"],
    [-15_180, "−15,180"],
    [-0.4, "0"],
    [1_000_000, "1,000,000"],
  ])("%d is %s", (value, words) => expect(count(value)).toBe(words));

  it.each([
    [0, "0"],
    [750, "750"],
    [50_000, "50k"],
    [2_500_000, "2.5M"],
    [12_345, "12,345"],
    [3e9, "3bn"],
  ])("%d is %s on a narrow axis", (value, words) => expect(shortCount(value)).toBe(words));

  it.each([
    [60, "60"],
    [0.8, "0.8"],
    [13_193.4567, "13,193.5"],
    [-1.25, "−1.25"],
  ])("%d is %s as typed", (value, words) => expect(plainNumber(value)).toBe(words));
});

describe("value and error", () => {
  it.each([
    // The examples of the design.
    [83_243, 39.2, "83,240", "40"],
    [83_012, 1_153, "83,000", "1,200"],
    // Up, never down, and to the same place.
    [61_124, 31, "61,120", "40"],
    [61_125, 30, "61,130", "30"],
    [54_863, 19.3, "54,860", "20"],
    [54_863, 18.9, "54,863", "19"],
    [54_863, 9.6, "54,863", "10"],
    [54_863, 12.1, "54,863", "13"],
    [2_000, 0.4, "2,000", "1"],
    [62_688, 1_701, "62,700", "1,800"],
    [92_880, 100, "92,880", "100"],
    [1_234_567, 2_000.1, "1,235,000", "3,000"],
  ])("%d with %d is %s ± %s", (value, error, shown, shownError) =>
    expect(computed(value, halfWidth(error))).toEqual({ value: shown, error: shownError }));

  it("says exact where there is no error", () => {
    expect(errorWords(computed(100_000, 0))).toBe("exact");
    expect(errorWords(computed(83_243, halfWidth(39.2)))).toBe("±\u00a040");
  });
});

describe("chances", () => {
  const million = (p: number) => chance(p, shareError(p, 1_000_000), 1_000_000).replaceAll("\u00a0", " ");
  const thousand = (p: number) => chance(p, shareError(p, 1_000), 1_000).replaceAll("\u00a0", " ");

  it.each([
    [0.127924, "13 %"],
    [0.997, "99.7 %"],
    [0.0029, "0.3 %"],
    [0.0004, "under 0.1 %"],
    [0.99995, "over 99.9 %"],
    [0, "none of 1,000,000 futures"],
    [1, "all of 1,000,000 futures"],
    [0.5, "50 %"],
    [0.995, "99.5 %"],
  ])("%d of a million is %s", (p, words) => expect(million(p)).toBe(words));

  it.each([
    [0.997, "over 99 %"],
    [0.003, "under 1 %"],
    [0.12, "about 12 %"],
  ])("%d of a thousand is %s", (p, words) => expect(thousand(p)).toBe(words));

  it.each([
    [0.04, "almost no chance"],
    [0.0456, "very unlikely"],
    [0.05, "very unlikely"],
    [0.2, "unlikely"],
    [0.19, "very unlikely"],
    [0.449, "roughly even"],
    [0.55, "roughly even"],
    [0.56, "likely"],
    [0.8, "likely"],
    [0.95, "very likely"],
    [0.96, "almost certain"],
    [0, "almost no chance"],
    [1, "almost certain"],
  ])("%d is %s", (p, word) => expect(chanceWord(p, 1_000_000)).toBe(word));

  it("does not take few futures for certainty", () => {
    expect(chanceWord(0, 10)).toBe("unlikely");
    expect(chanceWord(1, 10)).toBe("likely");
  });

  it("has Wilson's error", () => {
    // 0 of 100: Wilson's interval is 0 to 3.6994 %.
    expect(shareError(0, 100) * 1.96).toBeCloseTo(0.036994, 5);
    // The service's own figure for the ceiling of the founding scenario, 127,924 of 1,000,000.
    expect(shareError(0.127924, 1_000_000)).toBeCloseTo(0.00033473458571, 12);
  });

  it("shows an error in a table", () => {
    expect(percentWithError(0.127924, 0.000334)).toEqual({ value: "12.79", error: "0.07" });
    expect(percentWithError(0.9971, 0.0000541)).toEqual({ value: "99.710", error: "0.011" });
  });
});

describe("dates", () => {
  const date = { year: 2026, month: 11, day: 17 };

  it("is long in text, short in charts", () => {
    expect(longDate(date)).toBe("17\u00a0November 2026");
    expect(shortDate(date)).toBe("17\u00a0Nov\u00a02026");
    expect(isoDate({ year: 800, month: 2, day: 1 })).toBe("0800-02-01");
  });

  it("counts days over leap years and centuries", () => {
    expect(addDays({ year: 2024, month: 11, day: 17 }, 730)).toEqual(date);
    expect(addDays({ year: 2024, month: 11, day: 17 }, 441.9)).toEqual({ year: 2026, month: 2, day: 1 });
    expect(dayNumber({ year: 1, month: 1, day: 1 })).toBe(-719_162);
    expect(addDays({ year: 99, month: 12, day: 31 }, 1)).toEqual({ year: 100, month: 1, day: 1 });
  });
});

describe("levels", () => {
  it.each([
    [0.05, "1 in 20 below"],
    [0.25, "1 in 4 below"],
    [0.5, "even chance"],
    [0.75, "1 in 4 above"],
    [0.95, "1 in 20 above"],
    [0.01, "1 in 100 below"],
    [0.03, "3\u00a0% below"],
  ])("%d reads %s", (level, words) => expect(levelWords(level)).toBe(words));

  it("names bands", () => {
    expect(bandWords(0.25, 0.75)).toBe("half of all futures");
    expect(bandWords(0.05, 0.95)).toBe("nine in ten");
    expect(bandWords(0.1, 0.9)).toBe("80\u00a0%");
  });
});

describe("ticks", () => {
  it("is round and reaches a round ceiling", () => {
    expect(countTicks(100_000, 383, 80)).toEqual([0, 25_000, 50_000, 75_000, 100_000]);
    expect(countTicks(60_000, 383, 80)).toEqual([0, 20_000, 40_000, 60_000]);
    expect(countTicks(7, 383, 80)).toEqual([0, 2, 4, 6]);
    expect(countTicks(1, 383, 80)).toEqual([0, 1]);
    expect(countTicks(93_500, 230, 48)).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
  });

  it("stands at quarter starts, January with its year", () => {
    const ticks = dateTicks({ year: 2024, month: 11, day: 17 }, 730, 588, 64);
    expect(ticks.map((tick) => tick.label)).toEqual(["Jan 2025", "Apr", "Jul", "Oct", "Jan 2026", "Apr", "Jul", "Oct"]);
    expect(ticks[0]).toEqual({ day: 45, label: "Jan 2025", isYear: true });
  });

  it("thins out on a narrow plot", () => {
    expect(dateTicks({ year: 2024, month: 11, day: 17 }, 730, 248, 48).map((tick) => tick.label)).toEqual(["Jan 2025", "Jul", "Jan 2026", "Jul"]);
    expect(dateTicks({ year: 1999, month: 6, day: 1 }, 365.25 * 30, 248, 48).map((tick) => tick.label)).toEqual(["2000", "2010", "2020"]);
    expect(dateTicks({ year: 2025, month: 1, day: 30 }, 10, 600, 50).map((tick) => tick.label).slice(0, 3)).toEqual(["30\u00a0Jan", "31\u00a0Jan", "1\u00a0Feb"]);
  });
});
