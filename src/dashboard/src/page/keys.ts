import { quantities } from "../assumptions";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";

/** Keys of the overrides that have a place on the page, where what is wrong with them is said. */
export function keysOnPage(scenario: Scenario | null): ReadonlySet<string> {
  return new Set([...quantities, "start_date", "horizon_days", "step_days", "thresholds", "rotation_mode", ...(scenario?.events ?? []).map(({ eventId }) => `events.${eventId}.disabled`)]);
}
