import { useEffect, useRef } from "preact/hooks";
import { addDays, longDate } from "../numbers/dates";
import { opened, opening, projected, redo, undo } from "../page";
import { Answer } from "./answer";
import { AssumptionList } from "./assumption";
import { EventList } from "./events";
import { Notes } from "./notes";
import { isWide } from "./columns";
import { Picture } from "./picture";
import { Precision, Words } from "./precision";
import { Footnotes } from "./sources";
import { Story } from "./story";
import { Top } from "./top";
import { NotOpened, Ways } from "./ways";

export function App() {
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const { kind } = opening.value;
  return (
    <>
      <Top />
      {kind === "ways" ? <Ways /> : kind === "fault" ? <NotOpened /> : opened.value ? <Report /> : <main class="report" aria-busy="true" />}
      <Foot />
    </>
  );
}

function Report() {
  return (
    <div class="report">
      <main>
        <Notes />
        <Answer />
        <Picture />
        {isWide.value && <EventList />}
      </main>
      <Rail />
    </div>
  );
}

/** Stays in view while it is shorter than the window: a longer one would hide its end until the page's. */
function Rail() {
  const rail = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = rail.current!;
    const fit = () => element.classList.toggle("sticks", element.scrollHeight + 24 < innerHeight);
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    addEventListener("resize", fit);
    return () => {
      observer.disconnect();
      removeEventListener("resize", fit);
    };
  }, []);
  return (
    <aside class="rail" aria-label="What the answer rests on" ref={rail}>
      {isWide.value && <Story />}
      <AssumptionList />
      <div class="second">
        {!isWide.value && <EventList />}
        <Precision />
        <Words />
      </div>
    </aside>
  );
}

function Foot() {
  const shown = opening.value.kind === "open" ? projected.value : null;
  const start = shown?.scenario.startDate;
  return (
    <footer class="foot">
      {shown && (
        <p>
          <strong>±</strong> is the error of computing, 95 %, and shrinks with more paths. The <strong>bands</strong> are what the assumptions leave open,
          and do not.
        </p>
      )}
      {shown && (
        <p class="keys">
          Keys on the chart: left and right one step, Page Up and Page Down a quarter, Home, End, Escape to the horizon; T for the table, F for sample
          futures. Ctrl+Z takes a change back, Ctrl+Y makes it again.
        </p>
      )}
      {shown && <Footnotes />}
      {shown && (
        <p class="on-paper">
          {shown.scenario.displayName}{start && `, from ${longDate(start)} to ${longDate(addDays(start, shown.scenario.horizonDays))}`}. {shown.name}, seed {String(shown.seed)}.
        </p>
      )}
    </footer>
  );
}

/** Undo and redo, but where a field has them of its own. */
function onKey(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLInputElement && /^(text|password|search)$/.test(event.target.type);
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || isTyping || (key !== "z" && key !== "y")) {
    return;
  }
  event.preventDefault();
  if (key === "y" || event.shiftKey) {
    redo();
  } else {
    undo();
  }
}
