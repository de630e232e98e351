import { count } from "./figures";

/** What a quantile line means, as people say odds: "1 in 20 below", "even chance", "1 in 4 above". */
export function levelWords(level: number): string {
  if (level === 0.5) {
    return "even chance";
  }

  return level < 0.5 ? `${share(level)} below` : `${share(1 - level)} above`;
}

/** How much of all futures lies between two levels: "half of all futures", "nine in ten", "80 %". */
export function bandWords(low: number, high: number): string {
  const inside = Math.round((high - low) * 1e6) / 1e6;
  return inside === 0.5 ? "half of all futures" : inside === 0.9 ? "nine in ten" : `${Math.round(inside * 1e4) / 100}\u00a0%`;
}

function share(part: number): string {
  const oneIn = 1 / part;
  return Math.abs(oneIn - Math.round(oneIn)) < 1e-6 ? `1 in ${count(oneIn)}` : `${Math.round(part * 1e4) / 100}\u00a0%`;
}
