/**
 * Lines and areas as path data. A library's generators write each place anew for every line and band that runs through it; here it is written
 * once and shared, for a fan is drawn anew at each snapshot, and more than half of that was to write numbers.
 */

/** A coordinate in writing, to the tenth of a pixel: that is finer than any screen shows, and more digits would only cost. */
export const written = (place: number): string => String(Math.round(place * 10) / 10);

/** A line through places. */
export function through(xs: readonly string[], ys: readonly string[]): string {
  let path = "";
  for (let i = 0; i < xs.length; i++) {
    path += `${i === 0 ? "M" : "L"}${xs[i]},${ys[i]}`;
  }

  return path;
}

/** What lies between two lines. */
export function between(xs: readonly string[], lower: readonly string[], upper: readonly string[]): string {
  let path = through(xs, upper);
  for (let i = xs.length - 1; i >= 0; i--) {
    path += `L${xs[i]},${lower[i]}`;
  }

  return path === "" ? "" : `${path}Z`;
}

/** What lies between a line and a level one. */
export function above(xs: readonly string[], ys: readonly string[], base: number): string {
  return xs.length === 0 ? "" : `${through(xs, ys)}L${xs.at(-1)},${written(base)}H${xs[0]}Z`;
}

/** A line that is level from each place to the next, and then jumps; level again up to an end. */
export function steps(xs: readonly string[], ys: readonly string[], end: number): string {
  let path = "";
  for (let i = 0; i < xs.length; i++) {
    path += i === 0 ? `M${xs[i]},${ys[i]}` : `H${xs[i]}V${ys[i]}`;
  }

  return path === "" ? "" : `${path}H${written(end)}`;
}

/** The places of a line in steps: each, and the next one at its height. */
export const corners = (xs: readonly string[]): string[] => xs.flatMap((x, i) => (i === 0 ? [x] : [x, x]));

/** The heights at those places: level up to the next, and then its own. */
export const held = (ys: readonly string[]): string[] => ys.flatMap((y, i) => (i === 0 ? [y] : [ys[i - 1]!, y]));
