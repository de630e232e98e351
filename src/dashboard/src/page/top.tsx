import { signal } from "@preact/signals";
import { pathsWhileDragging } from "../asking/asking";
import { Progress_State } from "../gen/scenarios/v1/projection_service_pb";
import { computed as figure, count } from "../numbers/figures";
import { asking, fault, missing, open, opened, opening, permanentAddress, projection, revision, stored } from "../page";
import { ThemeChoice } from "../theme";
import { titleOf } from "../titles";
import { Export } from "./export";
import { Save } from "./save";

const other = "other";
const somethingElse = "Something else…";

/** The bar above the page: what it is about, how sharp the answer is, and what can be done with it. */
export function Top() {
  return (
    <header class="top">
      <div class="bar">
        <a class="brand" href="/" onClick={(event) => { event.preventDefault(); open({ kind: "none" }); }}>Scenarios</a>
        <Picker />
        <Revision />
        <p class="standing"><Standing /></p>
        <div class="actions">
          {(opening.value.kind === "open" || opening.value.kind === "opening") && <><Save /><Share /><Export /></>}
          <Theme />
        </div>
      </div>
      <Progress />
    </header>
  );
}

/** How much of the answer's paths is there, as a hairline. */
function Progress() {
  const progress = asking.answer.value?.response.progress;
  const isRunning = asking.standing.value.kind === "sharpening" && progress?.state === Progress_State.RUNNING;
  return (
    <svg class="progress" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 1 1">
      {isRunning && <rect width={Number(progress.pathsCompleted) / Number(progress.pathsRequested)} height="1" />}
    </svg>
  );
}

function Picker() {
  const subject = opened.value?.subject;
  const known = stored.value;
  const isOpen = opening.value.kind === "open";
  const here = isOpen && subject?.kind === "scenario" ? subject.name : other;
  const title = opened.value?.scenario.displayName || "A scenario";
  const chosen = known.find(({ name }) => name === here);
  return (
    <label class="picker">
      <span class="unseen">Scenario</span>
      {/* What is chosen, again: a select cuts a long name, where this wraps it. */}
      <span class="chosen" aria-hidden="true">
        {isOpen ? (chosen ? titleOf(chosen, known) : title) : opening.value.kind === "opening" ? "" : somethingElse}
      </span>
      <select
        value={here}
        onChange={(event) => {
          const { value } = event.currentTarget;
          open(value === other ? { kind: "none" } : { kind: "scenario", name: value });
        }}
      >
        {isOpen && here === other && <option value={other}>{title}</option>}
        {isOpen && here !== other && !known.some(({ name }) => name === here) && <option value={here}>{title}</option>}
        {known.map((one) => <option key={one.name} value={one.name}>{titleOf(one, known)}</option>)}
        {(here !== other || !isOpen) && <option value={other}>{somethingElse}</option>}
      </select>
    </label>
  );
}

/** Which of the scenario's revisions this is, counted from its first. */
function Revision() {
  const { value } = revision;
  return <p class="revision">{value !== null && opening.value.kind === "open" && `revision ${value}`}</p>;
}

/** How sharp the answer is. */
function Standing() {
  const standing = asking.standing.value;
  const progress = asking.answer.value?.response.progress;
  if (opening.value.kind === "ways" || opening.value.kind === "fault" || missing.value.length > 0) {
    return null;
  }
  switch (standing.kind) {
    case "waiting":
      return <span class="warn">{standing.busy ? "The service is busy" : "Connection lost"}</span>;
    case "refused": {
      const found = fault.value;
      const broken = found?.kind === "rules" ? found.violations.length : 0;
      return <span class="err">{broken === 0 ? "Refused" : broken === 1 ? "1 assumption needs mending" : `${broken} assumptions need mending`}</span>;
    }
    case "sharpening": {
      const half = medianHalfWidth();
      return <>{count(Number(progress?.pathsCompleted))} of {count(Number(progress?.pathsRequested))} paths{half && <span class="detail">, median ± {half}</span>}</>;
    }
    case "done":
      return <>{count(Number(progress?.pathsCompleted))} paths{progress?.pathsRequested === BigInt(pathsWhileDragging) ? "" : ", done"}</>;
    default:
      // Until it is missed, the answer on the page is that of a moment ago: a word that came and went would only flicker.
      return progress && standing.kind === "asked" && !standing.isMissed ? <>{count(Number(progress.pathsCompleted))} paths</> : <>Projecting</>;
  }
}

/** The error of the median at the horizon: "40"; empty where it is exact. */
export function medianHalfWidth(): string {
  const shown = projection.value;
  const end = shown?.points.at(-1)?.cumulative;
  const median = shown?.quantileLevels.indexOf(0.5) ?? -1;
  return end && median >= 0 ? figure(end.quantiles[median] ?? 0, end.quantileStandardErrors[median] ?? 0).error : "";
}

const shared = signal("");

function Share() {
  const address = permanentAddress.value;
  return (
    <span class="action">
      <button
        type="button"
        disabled={address === null}
        onClick={async () => {
          const link = new URL(address!, location.origin).href;
          try {
            await navigator.clipboard.writeText(link);
            shared.value = "Link copied";
          } catch {
            // Browsers give the clipboard to secure pages only: then the link is shown to be copied by hand.
            shared.value = link;
          }
          setTimeout(() => {
            shared.value = "";
          }, 8_000);
        }}
      >
        Share
      </button>
      <span class="said" role="status">{shared}</span>
    </span>
  );
}

const choice = new ThemeChoice({
  // Asked for at each use: where a browser keeps nothing for a page, even that is refused.
  storage: {
    getItem: (key) => localStorage.getItem(key),
    setItem: (key, value) => localStorage.setItem(key, value),
    removeItem: (key) => localStorage.removeItem(key),
  },
  prefersDark: matchMedia("(prefers-color-scheme: dark)"),
  apply: (chosen) => {
    if (chosen) {
      document.documentElement.dataset.theme = chosen;
    } else {
      delete document.documentElement.dataset.theme;
    }
  },
});

function Theme() {
  const next = choice.theme.value === "dark" ? "light" : "dark";
  return <button type="button" class="theme" onClick={() => choice.choose(next)}>{next === "dark" ? "Dark" : "Light"}</button>;
}
