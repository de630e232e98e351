import { noBreak } from "./numbers/figures";

/** Prose of the service and of scenarios as it is set: it comes as typed on a keyboard, with straight quotes, and dates that a line may break. */
export function typeset(text: string): string {
  return text
    .replace(/(?<=^|[\s([“])'(?=\S.*\S')/g, "‘")
    .replace(/'/g, "’")
    .replace(/(?<=^|[\s([‘])"/g, "“")
    .replace(/"/g, "”")
    .replace(/(?<=\b\d{1,2}) (?=[A-Z][a-z]+ \d{4}\b)/g, noBreak);
}
