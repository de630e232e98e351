import { batch, signal } from "@preact/signals";
import { Progress_State, type ProjectRequest, type ProjectResponse } from "../gen/scenarios/v1/projection_service_pb";
import { type Fault, faultOf } from "./faults";
import { type Question, requestOf } from "./question";

/** While a value is being dragged: an answer within a frame or two. */
export const pathsWhileDragging = 10_000;

/** At rest. The same seed, so that these paths extend those and the picture does not jump. */
export const pathsAtRest = 1_000_000;

const restMs = 250;
const longestBackOffMs = 30_000;

/** While nothing is heard, whether the service is there again is asked for this often: that costs it next to nothing. */
const healthMs = 2_000;

/** An answer that has not come by then is missed: until then the old one stands, so that nothing flickers. */
const missedMs = 400;

/** An answer and what it answers. */
export interface Answer {
  readonly question: Question;
  readonly response: ProjectResponse;
  /** When it came. */
  readonly at: Date;
}

/** How the asking stands. */
export type Standing =
  /** Nothing was asked yet. */
  | { readonly kind: "idle" }
  /** Asked, and nothing of the answer is there yet. */
  | { readonly kind: "asked"; readonly isMissed: boolean }
  /** The answer sharpens. */
  | { readonly kind: "sharpening" }
  /** The answer is as sharp as it gets: all paths, or those of a value that is still being dragged. */
  | { readonly kind: "done" }
  /** The service cannot be reached, or is busy; it is asked again by itself. */
  | { readonly kind: "waiting"; readonly since: Date; readonly until: number; readonly busy: string | null }
  /** The service refuses what was asked. */
  | { readonly kind: "refused"; readonly fault: Fault };

/** What the asking needs of its surroundings. */
export interface Surroundings {
  project(request: ProjectRequest, signal: AbortSignal): AsyncIterable<ProjectResponse>;
  /** Calls back before the next picture is drawn. */
  onFrame(callback: () => void): void;
  /** Whether the service says that it serves. */
  isServing(signal: AbortSignal): Promise<boolean>;
  /** Nobody sees the page: what comes is kept for the return. */
  isHidden(): boolean;
}

/**
 * Asks the service, one request at a time, for the answer to the latest question: whatever is asked anew replaces what was asked before,
 * and an answer is never taken for that of another question.
 */
export class Asking {
  readonly answer = signal<Answer | null>(null);
  readonly standing = signal<Standing>({ kind: "idle" });

  private question: Question | null = null;
  private isDragged = false;
  private call: AbortController | null = null;
  private isFrameAwaited = false;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private health: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private lostAt: Date | null = null;
  private unseen: Answer | null = null;

  constructor(private readonly surroundings: Surroundings) {}

  /** Asks at once, for all paths. */
  ask(question: Question): void {
    this.question = question;
    this.isDragged = false;
    this.start();
  }

  /** Asks for few paths at the next frame, once what is under way is answered; for all of them once the value rests. */
  drag(question: Question): void {
    const wasDragged = this.isDragged;
    this.question = question;
    this.isDragged = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.ask(question), restMs);
    if (!wasDragged) {
      this.stop();
    }
    if (!this.call) {
      this.startAtFrame();
    }
  }

  /** Asks again now, in place of waiting for it. */
  tryNow(): void {
    if (this.question && this.standing.value.kind === "waiting") {
      this.start();
    }
  }

  /** Takes an answer that was not asked for here: a finished projection. */
  take(question: Question, response: ProjectResponse): void {
    this.stop();
    clearTimeout(this.rest);
    this.question = question;
    batch(() => {
      this.answer.value = { question, response, at: new Date() };
      this.standing.value = { kind: "done" };
    });
  }

  /** Forgets question and answer: the page is about something else now. */
  drop(): void {
    this.stop();
    clearTimeout(this.rest);
    this.question = null;
    this.unseen = null;
    this.failures = 0;
    this.lostAt = null;
    batch(() => {
      this.answer.value = null;
      this.standing.value = { kind: "idle" };
    });
  }

  /** Shows what came while nobody looked. */
  onShown(): void {
    const unseen = this.unseen;
    this.unseen = null;
    if (unseen) {
      this.answer.value = unseen;
    }
  }

  private startAtFrame(): void {
    if (!this.isFrameAwaited) {
      this.isFrameAwaited = true;
      this.surroundings.onFrame(() => {
        this.isFrameAwaited = false;
        if (this.isDragged && !this.call) {
          this.start();
        }
      });
    }
  }

  private stop(): void {
    this.call?.abort();
    this.call = null;
    clearTimeout(this.retry);
    clearTimeout(this.health);
  }

  private start(): void {
    this.stop();
    if (!this.isDragged) {
      clearTimeout(this.rest);
    }
    const call = new AbortController();
    this.call = call;
    void this.run(this.question!, this.isDragged, call);
  }

  private async run(question: Question, isDragged: boolean, call: AbortController): Promise<void> {
    // Where the connection is lost, the page says so until something new has come.
    const missed = setTimeout(() => this.isMissed(call), missedMs);
    if (this.standing.value.kind !== "waiting") {
      this.standing.value = { kind: "asked", isMissed: false };
    }
    try {
      let isFinal = false;
      const request = requestOf(question, isDragged ? pathsWhileDragging : pathsAtRest, isDragged);
      for await (const response of this.surroundings.project(request, call.signal)) {
        if (this.call !== call) {
          return;
        }
        clearTimeout(missed);
        this.failures = 0;
        this.lostAt = null;
        isFinal = response.progress?.state !== Progress_State.RUNNING;
        this.deliver({ question, response, at: new Date() }, isFinal);
      }
      if (this.call !== call) {
        return;
      }
      if (isFinal) {
        this.call = null;
      } else {
        this.fail({ kind: "lost", retryAfter: null });
      }
    } catch (error) {
      if (this.call !== call) {
        return;
      }
      this.fail(faultOf(error));
    } finally {
      clearTimeout(missed);
    }
    if (isDragged && this.isDragged && this.question !== question) {
      this.startAtFrame();
    }
  }

  private isMissed(call: AbortController): void {
    if (this.call === call && this.standing.value.kind === "asked") {
      this.standing.value = { kind: "asked", isMissed: true };
    }
  }

  private deliver(answer: Answer, isFinal: boolean): void {
    batch(() => {
      if (this.surroundings.isHidden()) {
        this.unseen = answer;
      } else {
        this.unseen = null;
        this.answer.value = answer;
      }
      this.standing.value = { kind: isFinal ? "done" : "sharpening" };
    });
  }

  private fail(fault: Fault): void {
    this.call = null;
    if (fault.kind !== "lost" && fault.kind !== "busy") {
      this.standing.value = { kind: "refused", fault };
      return;
    }
    const backOff = Math.min(1000 * 2 ** this.failures, longestBackOffMs);
    const wait = Math.max(fault.retryAfter ?? 0, backOff);
    this.failures++;
    this.lostAt ??= new Date();
    this.standing.value = {
      kind: "waiting",
      since: this.lostAt,
      until: Date.now() + wait,
      busy: fault.kind === "busy" ? fault.message : null,
    };
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.start(), wait);
    if (fault.kind === "lost") {
      this.listen(this.standing.value);
    }
  }

  /** Asks again as soon as the service is there, however long the wait has become. */
  private listen(standing: Standing): void {
    clearTimeout(this.health);
    this.health = setTimeout(async () => {
      const isWaiting = () => this.standing.value === standing && this.call === null;
      const isBack = !this.surroundings.isHidden() && await this.surroundings.isServing(AbortSignal.timeout(healthMs)).catch(() => false);
      if (isWaiting()) {
        if (isBack) {
          this.start();
        } else {
          this.listen(standing);
        }
      }
    }, healthMs);
  }
}
