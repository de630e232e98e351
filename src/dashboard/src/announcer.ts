/** Shortest time between two announcements while the answer sharpens. */
const pauseMs = 5_000;

/** After a drag nothing is said before the value has rested for so long. */
const restMs = 1_000;

/**
 * Says the answer to whoever hears the page: the first, then only what has changed, not too often, and the last. Nothing during a drag.
 */
export class Announcer {
  private said = "";
  private saidAt = -Infinity;
  private due: ReturnType<typeof setTimeout> | undefined;
  private next = "";

  constructor(private readonly say: (sentence: string) => void) {}

  /** What the answer is now. */
  hear(sentence: string, state: "dragged" | "sharpening" | "done"): void {
    this.next = sentence;
    clearTimeout(this.due);
    if (sentence === this.said) {
      return;
    }
    const sinceLast = Date.now() - this.saidAt;
    const wait = state === "dragged" ? restMs
      : state === "done" || this.said === "" ? 0
      : Math.max(0, pauseMs - sinceLast);
    if (wait === 0) {
      this.speak();
    } else {
      this.due = setTimeout(() => this.speak(), wait);
    }
  }

  private speak(): void {
    this.said = this.next;
    this.saidAt = Date.now();
    this.say(this.next);
  }
}
