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
  const room = useRoom(answered ? answered.headline + answered.consequence : "", "");
  return (
    <section class={`answer ${currency.value} ${isTerse ? "terse" : ""}`} aria-label="The answer" ref={room}>
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
    </section>
  );
}

/** Has as many lines while it sharpens as its longest form. */
function Sentence({ text, of }: { text: string; of: string }) {
  return <h1 class="sentence" ref={useRoom(text, of)}><Emphasis text={text} /></h1>;
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

/** Keeps the room of the longest text about one thing: what stands below does not move while figures sharpen. */
function useRoom(text: string, about: string) {
  const element = useRef<HTMLElement & HTMLHeadingElement>(null);
  const room = useRef({ about, width: 0, height: 0 });
  useLayoutEffect(() => {
    const { style, clientWidth } = element.current!;
    style.minHeight = "";
    const { clientHeight } = element.current!;
    const isSame = room.current.about === about && room.current.width === clientWidth;
    room.current = { about, width: clientWidth, height: isSame ? Math.max(room.current.height, clientHeight) : clientHeight };
    style.minHeight = `${room.current.height}px`;
  }, [text, about]);
  return element;
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
