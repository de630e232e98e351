import { changed, effects, timing } from "../eventWords";
import type { Event, Scenario } from "../gen/scenarios/v1/scenario_pb";
import type { WhatIf } from "../asking/whatifs";
import { asking, currency, edit, edits, projection, scenario, whatIfs } from "../page";
import { Noted, Sources } from "./sources";
import { Violations, violationsAt } from "./violations";

/** What may happen on the way, each to be put in play. */
export function EventList() {
  const given = scenario.value;
  if (!given || given.events.length === 0) {
    return null;
  }
  const all = given.events.length;
  const on = given.events.filter(isOn).length;
  return (
    <section class="events" aria-labelledby="events">
      <div class="heading">
        <h2 id="events">Events</h2>
        <p class="key">{on === 0 ? inAll(all, "off") : on === all ? inAll(all, "on") : `${on} of ${all} on`}</p>
      </div>
      {given.events.map((event) => <EventRow key={event.eventId} event={event} given={given} />)}
    </section>
  );
}

const inAll = (all: number, state: string) => (all === 1 ? state : `${all === 2 ? "both" : "all"} ${state}`);

const switchOf = ({ eventId }: Event) => `events.${eventId}.disabled`;

/** Whether an event is in play, as the reader has it now. */
const isOn = (event: Event) => (edits.value[switchOf(event)] ?? String(event.disabled)) === "false";

function EventRow({ event, given }: { event: Event; given: Scenario }) {
  const key = switchOf(event);
  const isInPlay = isOn(event);
  const name = event.displayName || event.eventId;
  return (
    <div class="event">
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={isInPlay}
        aria-label={name}
        onClick={() => edit(key, isInPlay ? "true" : "false", "rest")}
      >
        <span class="knob" />
      </button>
      <span class="on-paper state">{isInPlay ? "On" : "Off"}</span>
      <div>
        <h3 class="name">{name}<Noted of={`events.${event.eventId}`} /></h3>
        <p class="happens">
          <When event={event} given={given} /> {effects(event)} <IfToggled event={event} />
        </p>
        <Violations found={violationsAt(key)} onMend={(text) => edit(key, text, "rest")} />
        <Sources evidence={event.evidence} hasRange />
      </div>
    </div>
  );
}

/** How often it happens is known to a projection that has it in play. */
function When({ event, given }: { event: Event; given: Scenario }) {
  const whatIf = whatIfs.known.value.get(event.eventId);
  return <>{timing(event, given, [projection.value, whatIf?.after, whatIf?.before])}</>;
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
