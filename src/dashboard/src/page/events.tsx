import type { ComponentChildren } from "preact";
import { type Event, Assumption_Resampling as Resampling, type Scenario } from "../gen/scenarios/v1/scenario_pb";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import { spoken } from "../assumptions";
import { chance } from "../numbers/chances";
import { addDays, longDate } from "../numbers/dates";
import { count, noBreak, plainNumber } from "../numbers/figures";
import type { WhatIf } from "../asking/whatifs";
import { asking, currency, edit, edits, projection, scenario, whatIfs } from "../page";
import { Sources } from "./sources";
import { Violations, violationsAt } from "./violations";

/** What may happen on the way, each to be put in play. */
export function EventList() {
  const given = scenario.value;
  if (!given || given.events.length === 0) {
    return null;
  }
  const off = given.events.filter(({ disabled }) => disabled).length;
  const all = given.events.length;
  return (
    <section class="events" aria-labelledby="events">
      <div class="heading">
        <h2 id="events">Events</h2>
        <p class="key">{off === all ? (all === 2 ? "both off" : all === 1 ? "off" : "all off") : off === 0 ? (all === 2 ? "both on" : all === 1 ? "on" : "all on") : `${all - off} of ${all} on`}</p>
      </div>
      {given.events.map((event) => <EventRow key={event.eventId} event={event} given={given} />)}
    </section>
  );
}

function EventRow({ event, given }: { event: Event; given: Scenario }) {
  const key = `events.${event.eventId}.disabled`;
  const isOn = (edits.value[key] ?? String(event.disabled)) === "false";
  const name = event.displayName || event.eventId;
  return (
    <div class="event">
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={isOn}
        aria-label={name}
        onClick={() => edit(key, isOn ? "true" : "false", "rest")}
      >
        <span class="knob" />
      </button>
      <div>
        <h3 class="name">{name}</h3>
        <p class="happens">
          {timing(event, given)} {effects(event)} <IfToggled event={event} />
        </p>
        <Violations found={violationsAt(key)} onMend={(text) => edit(key, text, "rest")} />
        <Sources evidence={event.evidence} hasRange />
      </div>
    </div>
  );
}

/** When it happens, and how likely that is by the horizon: of an event out of play, as the projection with it in play has it. */
function timing(event: Event, given: Scenario): ComponentChildren {
  const by = given.startDate ? longDate(addDays(given.startDate, given.horizonDays)) : "the horizon";
  const after = event.after ? `, once ${given.events.find(({ eventId }) => eventId === event.after)?.displayName ?? event.after} has happened` : "";
  const probability = event.probability ?? 1;
  const mayNot = probability < 1 ? `, if at all (${plainNumber(probability * 100)}${noBreak}%)` : "";
  const when = event.timing?.timing;
  const whatIf = whatIfs.known.value.get(event.eventId);
  const outcome = outcomeOf(event, projection.value) ?? outcomeOf(event, whatIf?.after) ?? outcomeOf(event, whatIf?.before);
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
      return null;
  }
}

function outcomeOf(event: Event, answered: Projection | null | undefined): string | null {
  const outcome = answered?.events.find(({ eventId }) => eventId === event.eventId);
  return outcome ? chance(outcome.probability, outcome.probabilityStandardError, Number(answered!.paths)) : null;
}

/** What changes while it is in force. */
function effects({ effects: what, durationDays }: Event): string {
  const span = durationDays?.distribution
    ? `for ${spoken(durationDays.distribution, "days").value}${durationDays.resampling === Resampling.PER_BATCH ? " each" : ""}`
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

/** What the answer would be with the event put in play, or taken out of it. */
function IfToggled({ event }: { event: Event }) {
  const whatIf = whatIfs.known.value.get(event.eventId);
  const isKnown = whatIf !== undefined && whatIf.question === asking.answer.value?.question && currency.value === "current";
  return (
    <strong class={isKnown ? "" : "awaited"} aria-busy={!isKnown}>
      {whatIf ? toggled(event, whatIf) : `If ${event.disabled ? "on" : "off"}: …`}
    </strong>
  );
}

function toggled({ eventId }: Event, { before, after }: WhatIf): string {
  const wasOff = before.scenario?.events.find((event) => event.eventId === eventId)?.disabled;
  return `If ${wasOff ? "on" : "off"}: ${changed(before, after)}`;
}

function changed(here: Projection, there: Projection): string {
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
