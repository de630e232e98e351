import { spoken } from "./assumptions";
import type { Projection } from "./gen/scenarios/v1/projection_pb";
import type { Event, Scenario } from "./gen/scenarios/v1/scenario_pb";
import { chance, shareError } from "./numbers/chances";
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

/** How much more or less likely that of what the page asks about becomes whose chance moves most; where none is seen to move, the middle. */
export function changed(here: Projection, there: Projection): string {
  const moved = asked(here)
    .flatMap((before) => {
      const after = asked(there).find(({ what }) => what === before.what);
      return after ? [{ what: before.what, from: before.chance, to: after.chance }] : [];
    })
    .sort((one, other) => Math.abs(other.to - other.from) - Math.abs(one.to - one.from))[0];
  const [from, to] = moved ? [said(moved.from, here), said(moved.to, there)] : ["", ""];
  if (moved && from !== to) {
    return `the chance of ${moved.what} ${moved.to > moved.from ? "rises" : "falls"} from ${from} to ${to}.`;
  }
  const middle = (of: Projection) => count(of.points.at(-1)?.cumulative?.quantiles[of.quantileLevels.indexOf(0.5)] ?? 0);
  if (!moved || middle(here) !== middle(there)) {
    return `an even chance of more than ${middle(there)} in place of ${middle(here)}.`;
  }
  return `the chance of ${moved.what} stays at ${from}.`;
}

/** What the page asks about, the ceiling first, with its chance. */
function asked(of: Projection): { what: string; chance: number }[] {
  return [
    ...(of.cap ? [{ what: "the ceiling", chance: of.cap.reachedProbability }] : []),
    ...of.thresholds.map(({ count: value, reachedProbability }) => ({ what: `passing ${count(Number(value))}`, chance: reachedProbability })),
  ];
}

/** A chance to be compared with that of other paths: "all of 200,000" of these says no more than "over 99.9 %" of those. */
function said(probability: number, { paths }: Projection): string {
  const seen = Math.min(1 - leastTold, Math.max(leastTold, probability));
  return chance(seen, shareError(probability, Number(paths)), Number(paths));
}

/** Below it a chance is "under 0.1 %". */
const leastTold = 0.0005;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const joined = (parts: readonly string[]) => (parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts.join(""));
