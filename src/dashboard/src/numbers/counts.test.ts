import { expect, it } from "vitest";
import { parseCount } from "./counts";

it.each([
  ["75k", 75_000], ["75,000", 75_000], ["75 000", 75_000], [" 1.5M ", 1_500_000], ["1.1k", 1_100], ["0", 0], ["2 bn", 2e9], ["75_000", 75_000],
])("Mend: %s is a count", (text, value) => expect(parseCount(text)).toEqual(value));

it.each([
  ["abc", /^“abc” is not a count\. Give a whole number/], ["-5", /^-5 is below 0\. Give a count of 0 or more\.$/], ["\u22125", /below 0/], ["", /^Give a count/],
  ["7.5", /Give 7 or 8\./], ["5 to 6", /is not a count/], ["1e5", /is not a count/], ["99999999999999999", /Give at most 999,999,999,999,999\./], ["NaN", /not a count/],
])("Mend: %s is refused in words, with a way out", (text, words) => expect(parseCount(text)).toMatch(words));
