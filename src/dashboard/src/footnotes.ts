import { assumptionOf, nameOf, quantities } from "./assumptions";
import type { Evidence, Scenario } from "./gen/scenarios/v1/scenario_pb";

/** A source as a footnote of the printed page. */
export interface Footnote {
  readonly number: number;
  /** What it stands for: a key of the overrides, or "events." and the event's id. */
  readonly of: string;
  /** The same in words. */
  readonly about: string;
  readonly evidence: Evidence;
}

/** The sources of a scenario in the order in which the page tells them, numbered through. */
export function footnotesOf(scenario: Scenario): Footnote[] {
  const { assumptions, events } = scenario;
  const told: { of: string; about: string; evidence: readonly Evidence[] }[] = [
    ...quantities.map((quantity) => ({
      of: quantity, about: nameOf(quantity, scenario), evidence: assumptionOf(assumptions, quantity)?.evidence ?? [],
    })),
    { of: "rotation_mode", about: "What a rotation does", evidence: assumptions?.rotationModeEvidence ?? [] },
    ...events.map(({ eventId, displayName, evidence }) => ({ of: `events.${eventId}`, about: displayName || eventId, evidence })),
  ];
  return told
    .flatMap(({ of, about, evidence }) => evidence.map((one) => ({ of, about, evidence: one })))
    .map((note, index) => ({ ...note, number: index + 1 }));
}
