import { spoken } from "./assumptions";
import type { Projection } from "./gen/scenarios/v1/projection_pb";
import type { Event, Scenario } from "./gen/scenarios/v1/scenario_pb";
import { chance } from "./numbers/chances";
import { addDays, longDate } from "./numbers/dates";
import { count, noBreak, plainNumber } from "./numbers/figures";

/** Events in sentences. */

/** When an event happens, and how likely that is by the horizon, as the first projection has it that has the event in play. */
export function timing(event: Event, given: Scenario, answers: readonly (Projection | null | undefined)[]): string {
  const by = given.startDate ? longDate(addDays(given.startDate, given.horizonDays)) : "the horizon";
  const after = event.after ? `, once ${given.events.find(({ eventId }) => eventId === event.after)?.displayName ?? event.after} has happened` : "";
  const probability = event.probability ?? 1;
  const mayNot = probability < 1 ? `, if at all (${plainNumber(probability * 100)}${noBreak}%)` : "";
  const when = event.timing?.timing;
  const outcome = answers.map((answer) => outcomeOf(event, answer)).find((figure) => figure !== null);
  const share = outcome ? `${outcome} by ${by}` : `… by ${by}`;
  switch (when?.case) {
    case "hazardPerYear":
      return `${plainNumber(when.value)} a year${after}${mayNot}, so ${share}.`;
    case "probabilityWithinHorizon":
      return `${plainNumber(when.value * 100)}${noBreak}% by ${by}${after}${mayNot}.`;
    case "date":
      return `On ${longDate(when.value)}${mayNot}.`;
    case "days":
      return `${when.value.distribution ? spoken(when.value.distribution, "days").value : ""} after the start${after}${mayNot}, so ${share}.`;
    default:
      return "";
  }
}

function outcomeOf(event: Event, answered: Projection | null | undefined): string | null {
  const outcome = answered?.events.find(({ eventId }) => eventId === event.eventId);
  return outcome ? chance(outcome.probability, outcome.probabilityStandardError, Number(answered!.paths)) : null;
}

/** What changes while it is in force. */
export function effects({ effects: what, durationDays }: Event): string {
  const span = durationDays?.distribution
    ? `for ${spoken(durationDays.distribution, "days").value}`
    : "from then on";
  if (what?.halt) {
    return `${capital(span)} no batch comes.`;
  }
  const changes = [
    what?.intervalFactor !== undefined && what.intervalFactor !== 1 && `gaps × ${plainNumber(what.intervalFactor)}`,
    what?.batchSizeFactor !== undefined && what.batchSizeFactor !== 1 && `batches × ${plainNumber(what.batchSizeFactor)}`,
    what && what.capChange !== 0 && `the ceiling ${what.capChange > 0 ? "rises" : "falls"} by ${count(Math.abs(what.capChange))}`,
  ].filter((part) => part !== false && part !== undefined);
  return changes.length > 0 ? `${capital(joined(changes as string[]))} ${span}.` : "It changes nothing by itself.";
}

/** How much more or less likely the first of what the page asks about becomes from one projection to another. */
export function changed(here: Projection, there: Projection): string {
  const passages = (of: Projection) => [
    ...(of.cap ? [{ what: "reaching the ceiling", of: of.cap }] : []),
    ...of.thresholds.map((threshold) => ({ what: `passing ${count(Number(threshold.count))}`, of: threshold })),
  ];
  const [before] = passages(here);
  const after = before && passages(there).find(({ what }) => what === before.what);
  const said = (passage: { reachedProbability: number; reachedProbabilityStandardError: number }, of: Projection) =>
    chance(passage.reachedProbability, passage.reachedProbabilityStandardError, Number(of.paths));
  if (!before || !after) {
    const level = here.quantileLevels.indexOf(0.5);
    const from = count(here.points.at(-1)?.cumulative?.quantiles[level] ?? 0);
    const to = count(there.points.at(-1)?.cumulative?.quantiles[level] ?? 0);
    return `an even chance of more than ${to} in place of ${from}.`;
  }
  const subject = before.what === "reaching the ceiling" ? "the chance of the ceiling" : `the chance of ${before.what}`;
  const [from, to] = [said(before.of, here), said(after.of, there)];
  return from === to ? `${subject} stays at ${from}.`
    : `${subject} ${after.of.reachedProbability > before.of.reachedProbability ? "rises" : "falls"} from ${from} to ${to}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const joined = (parts: readonly string[]) => (parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts.join(""));
