import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { Announcer } from "../announcer";
import { nounOf } from "../assumptions";
import { pathsAtRest } from "../asking/asking";
import { Emphasis, parts, plain } from "../emphasis";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";
import { expectedConsequence, expectedHeadline, longestConsequence, longestHeadline } from "../longest";
import { addDays, longDate } from "../numbers/dates";
import { asking, currency, fault, missing, projection, scenario } from "../page";
import { typeset } from "../typeset";

const announced = signal("");

/** The answer in words, and what follows from it. */
export function Answer() {
  const given = scenario.value;
  const answered = projection.value;
  const start = given?.startDate;
  const room = useRoom();
  return (
    <section class={`answer ${currency.value}`} aria-label="The answer">
      <div class="room" ref={room}>
        {!answered && given && <Expected of={given} />}
        <div>
          {start && (
            <p class="premise">
              Projection from {longDate(start)}, if the assumptions <span class="wide">at right</span><span class="narrow">below</span> hold
            </p>
          )}
          {answered ? (
            <>
              <Sentence text={answered.headline} of={answered.name} paths={Number(answered.paths)} />
              {answered.consequence && <Consequence text={answered.consequence} of={answered.name} />}
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

/** The room that the answer will need, before there is one. */
function Expected({ of }: { of: Scenario }) {
  const headline = expectedHeadline(of, pathsAtRest);
  const consequence = expectedConsequence(of, pathsAtRest);
  return (
    <div class="unspoken" aria-hidden="true">
      <div class="premise"><Unspoken text="Projection" /></div>
      <div class="sentence"><Unspoken text={headline} /></div>
      {consequence && (
        <div class="consequence">
          {sentencesOf(consequence).map((sentence) => <div key={sentence}><Unspoken text={sentence} /></div>)}
        </div>
      )}
    </div>
  );
}

/** Words that take up room and are neither seen, read, nor heard. */
function Unspoken({ text }: { text: string }) {
  return <>{parts(typeset(text)).map((part, index) => (index % 2 === 1 ? <strong key={index} data-words={part} /> : <span key={index} data-words={part} />))}</>;
}

/** Has as many lines while it sharpens as its longest form. */
function Sentence({ text, of, paths }: { text: string; of: string; paths: number }) {
  // The first snapshot tells what may become of it: later ones know it better.
  const longest = useMemo(() => longestHeadline(text, paths, pathsAtRest), [of]);
  const { lines, most } = useLines(of);
  return (
    <h1 class="sentence room">
      <span class="unspoken" aria-hidden="true" ref={most}><Unspoken text={longest} /></span>
      <span class="lines" ref={lines}><Emphasis text={text} /></span>
    </h1>
  );
}

/**
 * Keeps the lines that the longest form of a text has, and those that it has had at most: one that would do with fewer is set narrower. So
 * nothing moves while figures sharpen, and no line stays empty.
 */
function useLines(about: string) {
  const text = useRef<HTMLSpanElement>(null);
  const most = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const lines = text.current!;
    const longest = most.current!;
    const room = lines.parentElement!;
    let [width, height] = [0, 0];
    const fit = () => {
      if (room.clientWidth === 0 || (room.clientWidth === width && lines.offsetHeight === height && longest.offsetHeight <= height)) {
        return;
      }
      lines.style.maxWidth = "";
      const needed = Math.max(lines.offsetHeight, longest.offsetHeight);
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
    observer.observe(longest);
    observer.observe(room);
    return () => {
      observer.disconnect();
      lines.style.maxWidth = "";
      room.style.minHeight = "";
    };
  }, [about]);
  return { lines: text, most };
}

/** What follows from the answer: each sentence on lines of its own, as many as its longest form has. */
function Consequence({ text, of }: { text: string; of: string }) {
  const longest = useMemo(() => sentencesOf(longestConsequence(typeset(text), pathsAtRest)), [of]);
  return (
    <p class="consequence">
      {sentencesOf(typeset(text)).map((sentence, index) => (
        <Fragment key={index}>
          {index > 0 && " "}
          <span class="room">
            <span class="unspoken" aria-hidden="true"><Unspoken text={longest[index] ?? ""} /></span>
            <span><Emphasis text={sentence} /></span>
          </span>
        </Fragment>
      ))}
    </p>
  );
}

const sentencesOf = (text: string) => text.split(/(?<=[.?!]) (?=[A-Z])/);

/**
 * Keeps the room that the content of something has had at most: what stands below does not move while figures sharpen. The browser tells when
 * the content has another size: to ask it for that, at each snapshot, would have it lay out the page once more.
 */
function useRoom() {
  const room = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const outer = room.current!;
    const { style } = outer;
    let [width, height] = [0, 0];
    const observer = new ResizeObserver(() => {
      if (outer.offsetWidth === 0) {
        return; // Not laid out.
      }
      if (outer.offsetWidth !== width) {
        style.minHeight = "";
        [width, height] = [outer.offsetWidth, 0];
      }
      if (outer.offsetHeight > height) {
        height = outer.offsetHeight;
        style.minHeight = `${height}px`;
      }
    });
    observer.observe(outer);
    return () => observer.disconnect();
  }, []);
  return room;
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
