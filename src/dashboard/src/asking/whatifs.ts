import { signal } from "@preact/signals";
import type { Projection } from "../gen/scenarios/v1/projection_pb";
import { type Question, requestOf } from "./question";
import type { Surroundings } from "./asking";

/** Enough for a chance to a quarter of a point. */
const paths = 200_000;

/** What an event would change: the answer, and the same with the event in or out of play. */
export interface WhatIf {
  readonly question: Question;
  readonly before: Projection;
  readonly after: Projection;
}

/**
 * What each event would change, one at a time: a projection with it in play where it is not, or out of play where it is. Asked once the
 * answer itself is there, so that it never waits for this.
 */
export class WhatIfs {
  /** By the event's id. One of an earlier question stands until the new one is there, to be shown for what it is. */
  readonly known = signal<ReadonlyMap<string, WhatIf>>(new Map());

  private question: Question | null = null;
  private call: AbortController | null = null;

  constructor(private readonly surroundings: Pick<Surroundings, "project">) {}

  /** Asks anew for a question that has been answered. */
  ask(question: Question, answered: Projection): void {
    if (this.question === question) {
      return;
    }
    this.stop();
    this.question = question;
    const call = new AbortController();
    this.call = call;
    void this.run(question, answered, call.signal);
  }

  /** Stops asking: there is another question. */
  stop(): void {
    this.call?.abort();
    this.question = null;
  }

  /** Forgets all it knows: the page is about something else now. */
  drop(): void {
    this.stop();
    this.known.value = new Map();
  }

  private async run(question: Question, before: Projection, signal: AbortSignal): Promise<void> {
    for (const { eventId, disabled } of before.scenario?.events ?? []) {
      const edits = { ...question.edits, [`events.${eventId}.disabled`]: String(!disabled) };
      const request = requestOf({ ...question, edits }, paths, true);
      request.histogramDays = [];
      request.samplePathCount = 0;
      try {
        for await (const { projection: after } of this.surroundings.project(request, signal)) {
          if (!signal.aborted && after) {
            this.known.value = new Map(this.known.value).set(eventId, { question, before, after });
          }
        }
      } catch {
        // The answer stands without it; what keeps it from coming is said where the answer itself is asked for.
      }
      if (signal.aborted) {
        return;
      }
    }
  }
}
