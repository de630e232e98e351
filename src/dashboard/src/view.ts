/**
 * What the page and its charts agree on: a chart is drawn from a projection as the service sent it and from this, and asks the service
 * for nothing.
 */
export interface ReaderView {
  /** The grid day under the crosshair; null: the horizon. */
  readonly at: number | null;
  /** Counts that the reader added to the scenario's thresholds. */
  readonly counts: readonly number[];
  readonly showFutures: boolean;
  readonly showPresent: boolean;
  readonly showTable: boolean;
}

/** Whether a picture stands for what the page says now; one that does not loses its colour. */
export type Currency = "current" | "stale";
