import type { Edits } from "./asking/question";

/** What an address of the page names: a subject, the reader's view of it, and edits that nobody has saved. */
export interface Address {
  /** What is opened. */
  readonly subject: Subject;
  /** The date under the crosshair, "2026-02-01"; null: the horizon. */
  readonly at: string | null;
  readonly counts: readonly number[];
  readonly showFutures: boolean;
  readonly showPresent: boolean;
  readonly showTable: boolean;
  readonly edits: Edits;
}

export type Subject =
  /** What the page opens with by itself. */
  | { readonly kind: "first" }
  /** A stored scenario: "scenarios/dprk-rotation". */
  | { readonly kind: "scenario"; readonly name: string }
  /** A finished projection: "projections/…". */
  | { readonly kind: "projection"; readonly name: string }
  /** A scenario that says nothing yet but when it begins. */
  | { readonly kind: "blank" }
  /** Nothing: the ways in. */
  | { readonly kind: "none" };

const scenarioPrefix = "scenarios/";

/** Reads an address; whatever in it makes no sense is as if it were not there. */
export function parseAddress({ pathname, search, hash }: { pathname: string; search: string; hash: string }): Address {
  const query = new URLSearchParams(search);
  const show = query.get("show")?.split(",");
  return {
    subject: parseSubject(pathname, query.get("scenario"), query.has("new")),
    at: /^\d{4}-\d{2}-\d{2}$/.test(query.get("at") ?? "") ? query.get("at") : null,
    counts: [...new Set((query.get("counts") ?? "").split(",").filter((count) => /^\d{1,15}$/.test(count)).map(Number))],
    showFutures: show?.includes("futures") ?? false,
    showPresent: show?.includes("present") ?? true,
    showTable: show?.includes("table") ?? false,
    edits: Object.fromEntries(new URLSearchParams(hash.replace(/^#/, ""))),
  };
}

/** Writes an address, leaving out what goes without saying. */
export function formatAddress({ subject, at, counts, showFutures, showPresent, showTable, edits }: Address): string {
  const query = [
    subject.kind === "scenario" ? `scenario=${encode(subject.name.slice(scenarioPrefix.length))}`
      : subject.kind === "blank" ? "new=scenario"
      : subject.kind === "none" ? "scenario="
      : "",
    at ? `at=${at}` : "",
    counts.length > 0 ? `counts=${counts.join(",")}` : "",
    showFutures || !showPresent || showTable
      ? `show=${[showPresent && "present", showFutures && "futures", showTable && "table"].filter(Boolean).join(",")}`
      : "",
  ].filter(Boolean).join("&");
  const fragment = Object.entries(edits).map(([key, text]) => `${encode(key)}=${encode(text)}`).join("&");
  return `/${subject.kind === "projection" ? subject.name : ""}${query && `?${query}`}${fragment && `#${fragment}`}`;
}

function parseSubject(pathname: string, scenario: string | null, isNew: boolean): Subject {
  const projection = /^\/(projections\/[^/]+)$/.exec(pathname)?.[1];
  return projection ? { kind: "projection", name: projection }
    : isNew ? { kind: "blank" }
    : scenario === null ? { kind: "first" }
    : scenario === "" ? { kind: "none" }
    : { kind: "scenario", name: scenarioPrefix + scenario };
}

/** Percent-encoded where it must be: notation with its commas, colons and parentheses stays legible. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/%(20|2C|3A|2F|40)/g, (escaped, code: string) => (code === "20" ? "+" : decodeURIComponent(escaped)));
