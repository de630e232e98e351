import { signal } from "@preact/signals";
import type { Quantity } from "../assumptions";

/** A touch screen has no room for an editor that nobody asked for. */
const isRoomy = matchMedia("(min-width: 600px)");

/** What has its editor open: one at a time. */
export const editing = signal<Quantity | "span" | null>(isRoomy.matches ? "rotation_interval_days" : null);
