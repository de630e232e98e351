/** Counts as a reader shall see them: no digit that is not known. The rules are those of the service's sentences and of its terminal. */

/** Times this, a standard error is the 95 % half-width of a single look. */
export const singleLook = 1.96;

/** A no-break space: a figure and its unit or sign stand on one line. */
export const noBreak = "\u00a0";

// Making one takes longer than a hundred uses of it.
const wholeCounts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const plainNumbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 9 });

/** A whole count in full, for instance "100,000" or "−3". Halves go up, as everywhere in Scenarios. */
export function count(value: number): string {
  const whole = Math.floor(value + 0.5);
  return (whole < 0 ? "−" : "") + wholeCounts.format(Math.abs(whole));
}

/** A count for an axis on a narrow screen: "50k", "2.5M"; in full where the short form would lose a digit. */
export function shortCount(value: number): string {
  for (const [unit, letter] of [[1e9, "bn"], [1e6, "M"], [1e3, "k"]] as const) {
    const inUnits = value / unit;
    if (Math.abs(inUnits) >= 1 && Number.isInteger(inUnits * 10)) {
      return (inUnits < 0 ? "−" : "") + Math.abs(inUnits) + letter;
    }
  }

  return count(value);
}

/** A number as a person would type it: up to six significant figures, with commas, no needless zeros. */
export function plainNumber(value: number): string {
  const rounded = Number(value.toPrecision(6));
  return (rounded < 0 ? "−" : "") + plainNumbers.format(Math.abs(rounded));
}

export interface Computed {
  /** The value, to the place of its error. */
  readonly value: string;
  /** The half-width; empty where the value is exact. */
  readonly error: string;
}

/**
 * A computed count and its half-width: the half-width rounded up to one significant figure (two where the first is 1), the count to the
 * same place. Both are whole; no half-width at all means exact.
 */
export function computed(value: number, standardError: number): Computed {
  const halfWidth = standardError * singleLook;
  if (!(halfWidth > 0)) {
    return { value: count(value), error: "" };
  }

  const step = Math.max(1, errorStep(halfWidth));
  return {
    value: count(Math.floor(value / step + 0.5) * step),
    error: count(Math.ceil(halfWidth / step - 1e-9) * step),
  };
}

/** The place of the last figure that an error is told to: its first, or its second where the first, rounded up, is 1. */
export function errorStep(halfWidth: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(halfWidth));
  const finer = magnitude / 10;
  return Math.ceil(halfWidth / finer - 1e-9) * finer < 2 * magnitude ? finer : magnitude;
}

/** What stands after a computed figure: "± 40", or "exact". */
export function errorWords(figure: Computed): string {
  return figure.error === "" ? "exact" : `±${noBreak}${figure.error}`;
}
