import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { Announcer } from "../announcer";
import { nounOf } from "../assumptions";
import { pathsAtRest } from "../asking/asking";
import { Emphasis, plain } from "../emphasis";
import { addDays, longDate } from "../numbers/dates";
import { asking, currency, fault, missing, projection, scenario } from "../page";
import { typeset } from "../typeset";

const announced = signal("");

/** The answer in words, and what follows from it. */
export function Answer() {
  const given = scenario.value;
  const answered = projection.value;
  const start = given?.startDate;
  const isTerse = given?.assumptions?.cap === undefined && given?.thresholds.length === 0;
  const { room, content } = useRoom();
  return (
    <section class={`answer ${currency.value} ${isTerse ? "terse" : ""}`} aria-label="The answer">
      <div ref={room}>
        <div ref={content}>
          {start && (
            <p class="premise">
              Projection from {longDate(start)}, if the assumptions <span class="wide">at right</span><span class="narrow">below</span> hold
            </p>
          )}
          {answered ? (
            <>
              <Sentence text={answered.headline} of={answered.name} />
              {answered.consequence && <p class="consequence"><Sentences text={answered.consequence} /></p>}
            </>
          ) : (
            <h1 class="sentence pending">
              {missing.value.length > 0 ? `Wanted: ${missing.value.map(nounOf).join(" and ")}. The projection follows.`
                : fault.value ? "Nothing is projected yet."
                : start && given ? `Projecting to ${longDate(addDays(start, given.horizonDays))}.`
                : "Projecting."}
            </h1>
          )}
          <Announcement />
        </div>
      </div>
    </section>
  );
}

/** Has as many lines while it sharpens as its longest form. */
function Sentence({ text, of }: { text: string; of: string }) {
  const lines = useLines(of);
  return <h1 class="sentence"><span class="lines" ref={lines}><Emphasis text={text} /></span></h1>;
}

/**
 * Keeps the lines that a text has had at most: one that would do with fewer is set narrower. So nothing moves while figures sharpen, and no
 * line stays empty.
 */
function useLines(about: string) {
  const text = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const lines = text.current!;
    const room = lines.parentElement!;
    let [width, height] = [0, 0];
    const fit = () => {
      if (room.clientWidth === 0 || (room.clientWidth === width && lines.offsetHeight === height)) {
        return;
      }
      lines.style.maxWidth = "";
      const needed = lines.offsetHeight;
      height = room.clientWidth === width ? Math.max(height, needed) : needed;
      width = room.clientWidth;
      let [narrow, wide] = [width / 2, width];
      while (lines.offsetHeight !== height && wide - narrow > 1) {
        const middle = (narrow + wide) / 2;
        lines.style.maxWidth = `${middle}px`;
        [narrow, wide] = lines.offsetHeight > height ? [middle, wide] : [narrow, middle];
      }
      if (lines.offsetHeight !== height) {
        lines.style.maxWidth = ""; // No width gives just as many.
      }
      room.style.minHeight = `${height}px`;
    };
    const observer = new ResizeObserver(fit);
    observer.observe(lines);
    observer.observe(room);
    return () => {
      observer.disconnect();
      lines.style.maxWidth = "";
      room.style.minHeight = "";
    };
  }, [about]);
  return text;
}

/** Each within a box of its own: where it is wide enough a sentence begins a line rather than to break after its first word. */
function Sentences({ text }: { text: string }) {
  return (
    <>
      {typeset(text).split(/(?<=[.?!]) (?=[A-Z])/).map((sentence, index) => (
        <Fragment key={index}>{index > 0 && " "}<span class="says"><Emphasis text={sentence} /></span></Fragment>
      ))}
    </>
  );
}

/**
 * Keeps the room that the content of something has had at most: what stands below does not move while figures sharpen. The browser tells when
 * the content has another size: to ask it for that, at each snapshot, would have it lay out the page once more.
 */
function useRoom() {
  const room = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { style } = room.current!;
    const inner = content.current!;
    let [width, height] = [0, 0];
    const observer = new ResizeObserver(() => {
      if (inner.offsetWidth === 0) {
        return; // Not laid out.
      }
      height = inner.offsetWidth === width ? Math.max(height, inner.offsetHeight) : inner.offsetHeight;
      width = inner.offsetWidth;
      style.minHeight = `${height}px`;
    });
    observer.observe(inner);
    return () => observer.disconnect();
  }, []);
  return { room, content };
}

/** Says the answer to screen readers, as the announcer finds worth saying. */
function Announcement() {
  const announcer = useRef<Announcer | null>(null);
  const headline = projection.value?.headline;
  const standing = asking.standing.value;
  const isDragged = asking.answer.value?.response.progress?.pathsRequested !== BigInt(pathsAtRest);
  useEffect(() => {
    announcer.current ??= new Announcer((sentence) => {
      announced.value = sentence;
    });
    if (headline && (standing.kind === "done" || standing.kind === "sharpening")) {
      announcer.current.hear(plain(headline), standing.kind === "sharpening" ? "sharpening" : isDragged ? "dragged" : "done");
    }
  }, [headline, standing.kind, isDragged]);
  return <p class="unseen" aria-live="polite">{announced}</p>;
}
