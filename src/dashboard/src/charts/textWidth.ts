/** How wide words will be, so that labels can be placed before they are drawn. */

/** Mean width of a letter to its size, where there is no canvas to ask. */
const meanLetter = 0.56;

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;
let family = "";

export function textWidth(words: string, size: number, weight = 400): number {
  const key = `${weight} ${size} ${words}`;
  const known = widths.get(key);
  if (known !== undefined) {
    return known;
  }

  if (context === undefined) {
    context = typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
    family = context ? getComputedStyle(document.documentElement).getPropertyValue("--sans") : "";
  }

  let width = words.length * size * meanLetter;
  if (context) {
    context.font = `${weight} ${size}px ${family}`;
    // Figures are tabular on the page, and a canvas cannot be told so: a 1 is as wide as a 0.
    width = context.measureText(words.replaceAll("1", "0")).width;
  }

  // Figures change ten times a second while an answer sharpens: what is no longer shown need not be remembered. The canvas goes too, for
  // the browser keeps with it all words that it has measured, a kilobyte each.
  if (widths.size > 500) {
    widths.clear();
    context = undefined;
  }

  widths.set(key, width);
  return width;
}
