import { count } from "./figures";

const units: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, bn: 1e9 };

/** The largest count that can be asked about, as an address of the page holds it: fifteen digits. */
const largest = 999_999_999_999_999;

/** Reads a count as people write it: "75,000", "75 000", "75k", "1.5m"; what it cannot be, and why, in a sentence. */
export function parseCount(text: string): number | string {
  const given = text.trim();
  if (given === "") {
    return "Give a count, for instance 75,000 or 75k.";
  }
  const [, sign, digits, unit = ""] = /^([-\u2212]?)(\d[\d,_\s\u00a0]*(?:\.\d+)?|\.\d+)\s*(k|m|bn)?$/i.exec(given) ?? [];
  if (digits === undefined) {
    return `“${given}” is not a count. Give a whole number, for instance 75,000 or 75k.`;
  }
  // Decimal, so that 1.1k is 1,100 and not a little less.
  const value = Number((Number(digits.replace(/[,_\s\u00a0]/g, "")) * units[unit.toLowerCase()]!).toPrecision(15));
  return sign !== "" && value !== 0 ? `${given} is below 0. Give a count of 0 or more.`
    : !Number.isInteger(value) ? `${given} is not a whole number. Give ${count(Math.floor(value))} or ${count(Math.ceil(value))}.`
    : value > largest ? `${given} is more than can be asked about. Give at most ${count(largest)}.`
    : value;
}
