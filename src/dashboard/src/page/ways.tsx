import { signal } from "@preact/signals";
import { open, openFile, opening, stored } from "../page";
import { titleOf } from "../titles";
import { typeset } from "../typeset";
import { TokenWanted, useSecondsUntil } from "./notes";

const problem = signal("");
const address = signal("");

/** Nothing is chosen, or what a link names is gone: what this is, and the ways in. */
export function Ways() {
  const { value } = opening;
  const reason = value.kind === "ways" ? value.reason : "";
  return (
    <main class="ways">
      {reason && <div class="note err"><p role="alert"><strong>{typeset(reason)}</strong></p></div>}
      <h1 class="sentence">Say what you assume, each with its source. The projection follows.</h1>
      <ul>
        {stored.value.map((one) => (
          <li key={one.name}>
            <button type="button" class="way" onClick={() => open({ kind: "scenario", name: one.name })}>{titleOf(one, stored.value)}</button>
            <p>{typeset(firstSentences(one.description))}</p>
          </li>
        ))}
        <li>
          <button type="button" class="way" onClick={() => open({ kind: "blank" })}>A blank scenario</button>
          <p>Two things are needed: a gap between arrivals and the size of a batch</p>
        </li>
        <li>
          <h2 class="way">Open a link or a file</h2>
          <p>A projection’s permanent name, or a scenario as JSON</p>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const name = /projections\/[a-z2-7]+/.exec(address.value)?.[0];
              if (name) {
                open({ kind: "projection", name });
              } else {
                problem.value = "A permanent name looks like projections/ and 32 letters and digits.";
              }
            }}
          >
            <label class="field">
              <span>Permanent name</span>
              <input type="text" spellcheck={false} placeholder="projections/…" value={address.value} onInput={(event) => { address.value = event.currentTarget.value; }} />
            </label>
            <button type="submit" class="button">Open</button>
          </form>
          <label class="field">
            <span>Scenario, as JSON</span>
            <input
              type="file"
              accept=".json,application/json"
              onChange={async (event) => {
                const file = event.currentTarget.files?.[0];
                try {
                  if (file) {
                    openFile(await file.text());
                  }
                } catch (error) {
                  problem.value = `${file!.name} is no scenario: ${error instanceof Error ? error.message : String(error)}`;
                }
              }}
            />
          </label>
          {problem.value && <p role="alert" class="err">{problem}</p>}
        </li>
      </ul>
    </main>
  );
}

/** What the address names could not be opened, and why. */
export function NotOpened() {
  const { value } = opening;
  if (value.kind !== "fault") {
    return null;
  }
  const found = value.fault;
  return (
    <main class="ways">
      {found.kind === "token" ? <TokenWanted message={found.message} />
        : found.kind === "lost" || found.kind === "busy" ? <Unreachable message={found.kind === "busy" ? found.message : "The service cannot be reached."} until={value.until} />
        : <div class="note err"><p role="alert"><strong>{"message" in found ? typeset(found.message) : ""}</strong></p></div>}
      <h1 class="sentence pending">Nothing is projected yet.</h1>
    </main>
  );
}

function Unreachable({ message, until }: { message: string; until: number }) {
  const seconds = useSecondsUntil(until);
  return (
    <div class="note warn">
      <p role="status"><strong>{typeset(message)}</strong></p>
      <p>{seconds > 0 ? `Trying again in ${seconds} s.` : "Trying again."}</p>
    </div>
  );
}

const firstSentences = (text: string) => /^.{0,160}?[.?!](?= |$)/s.exec(text)?.[0] ?? text.slice(0, 160);

