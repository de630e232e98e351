import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { addDays, longDate } from "../numbers/dates";
import { opened, opening, projected, undo } from "../page";
import { Answer } from "./answer";
import { AssumptionList } from "./assumption";
import { EventList } from "./events";
import { Notes } from "./notes";
import { Picture } from "./picture";
import { Precision, Words } from "./precision";
import { Footnotes } from "./sources";
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

/** Where the rail stands beside the charts, the events stand below these: else it would be twice as long as they are. */
const columns = matchMedia("(min-width: 1140px)");
const isWide = signal(columns.matches);
columns.addEventListener("change", () => {
  isWide.value = columns.matches;
});

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
          futures. Ctrl+Z takes a change back.
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

/** Undo, but where a field has an undo of its own. */
function onKey(event: KeyboardEvent): void {
  const isTyping = event.target instanceof HTMLInputElement && /^(text|password|search)$/.test(event.target.type);
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && !isTyping) {
    event.preventDefault();
    undo();
  }
}
