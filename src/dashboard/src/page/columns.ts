import { signal } from "@preact/signals";

const columns = matchMedia("(min-width: 1140px)");

/** Where the rail stands beside the charts, the events stand below these, for the rail would be twice as long; and a future is told beside them. */
export const isWide = signal(columns.matches);

columns.addEventListener("change", () => {
  isWide.value = columns.matches;
});
