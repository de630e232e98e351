import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { assumptionOf, familyName, nounOf, quantities, spoken, unitOf, valueOf } from "../assumptions";
import { type Fault, faultOf } from "../asking/faults";
import { count } from "../numbers/figures";
import { asking, edit, edits, fault, isGone, retry, saveAnew, scenario } from "../page";
import { present } from "../service";
import { typeset } from "../typeset";
import { keysOnPage } from "./keys";

/** What stands above the answer where it is not the answer to what the page says: why, and what can be done. */
export function Notes() {
  const standing = asking.standing.value;
  if (standing.kind === "waiting") {
    return <Waiting since={standing.since} until={standing.until} busy={standing.busy} />;
  }
  return fault.value && <Refused fault={fault.value} />;
}

function Waiting({ since, until, busy }: { since: Date; until: number; busy: string | null }) {
  const seconds = useSecondsUntil(until);
  const progress = asking.answer.value?.response.progress;
  const answer = asking.answer.value;
  const clock = (answer?.at ?? since).toLocaleTimeString("en-GB");
  return (
    <div class="note warn">
      <p>
        <strong role="status">{busy ?? `Connection lost at ${since.toLocaleTimeString("en-GB")}.`}</strong>
        {" "}
        <strong>{seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again."}</strong>
        {progress && ` Below is the answer of ${clock}: ${count(Number(progress.pathsCompleted))} of ${count(Number(progress.pathsRequested))} paths.`}
        {" "}
        <button type="button" class="link" onClick={() => asking.tryNow()}>Try now</button>
      </p>
    </div>
  );
}

function Refused({ fault: found }: { fault: Fault }) {
  if (found.kind === "token") {
    return <TokenWanted message={found.message} />;
  }
  const message = "message" in found ? found.message : "";
  if (isGone.value) {
    return <Gone message={message} />;
  }
  if (found.kind !== "rules") {
    return <div class="note err"><p role="alert"><strong>{typeset(message)}</strong></p></div>;
  }
  const shown = keysOnPage(scenario.value);
  const elsewhere = found.violations.filter(({ key }) => !shown.has(key));
  const here = found.violations.filter(({ key }) => shown.has(key));
  return (
    <div class="note err">
      {here[0] && <AnswersFor quantity={here[0].key} />}
      {elsewhere.map(({ key, path, problem, advice }) => (
        <div key={path}>
          <p role="alert"><strong>{typeset(problem)}</strong> {typeset(advice)} <code>{path}</code></p>
          {key in edits.value && <button type="button" class="button" onClick={() => edit(key, null, "rest")}>Leave it out</button>}
        </div>
      ))}
      {found.violations.length === 0 && <p role="alert"><strong>{typeset(message)}</strong></p>}
    </div>
  );
}

const refusedAgain = signal("");

/** The scenario was deleted while it was open: what the page has of it can be kept. */
export function Gone({ message }: { message: string }) {
  return (
    <div class="note err">
      <p role="alert"><strong>{typeset(message)}</strong> It was deleted after you had opened it; what is on this page is all there is left of it.</p>
      <button
        type="button"
        class="button"
        onClick={async () => {
          try {
            refusedAgain.value = "";
            await saveAnew();
          } catch (error) {
            const again = faultOf(error);
            refusedAgain.value = "message" in again ? again.message : "The service cannot be reached: nothing was saved.";
          }
        }}
      >
        Save it anew
      </button>
      {refusedAgain.value && <p role="alert">{typeset(refusedAgain.value)}</p>}
    </div>
  );
}

/** Which value the old answer stands for. */
function AnswersFor({ quantity }: { quantity: string }) {
  const known = quantities.find((candidate) => candidate === quantity);
  const answered = asking.answer.value?.response.projection?.scenario;
  const distribution = known && assumptionOf(answered?.assumptions, known)?.distribution;
  const what = known ? nounOf(known) : "the change";
  if (!answered) {
    return <p><strong>Nothing has been projected yet:</strong> see {what}.</p>;
  }
  const value = distribution && known ? valueOf(known, `${spoken(distribution, unitOf(known)).value}, ${familyName(distribution)}`) : "the scenario before your last change";
  return <p><strong>The answer below is for {value}.</strong> Your last change has not been projected: see {what}.</p>;
}

const token = signal("");

/** The service lets only those in who have a token. It stays in this page. */
export function TokenWanted({ message }: { message: string }) {
  return (
    <form
      class="note warn"
      onSubmit={(event) => {
        event.preventDefault();
        present(token.value);
        token.value = "";
        retry();
      }}
    >
      <p role="alert"><strong>{typeset(message)}</strong></p>
      <label class="field">
        <span>Token</span>
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={token.value}
          onInput={(event) => {
            token.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="button">Use it</button>
      <p class="quiet">It is kept in this page until you leave it, and nowhere else.</p>
    </form>
  );
}

/** Whole seconds until an instant, counted down. */
export function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setNow(Date.now());
    const tick = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(tick);
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
