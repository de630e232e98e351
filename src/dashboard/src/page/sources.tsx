import type { Footnote } from "../footnotes";
import { type Evidence, Evidence_Kind as Kind } from "../gen/scenarios/v1/scenario_pb";
import { footnotes } from "../page";
import { typeset } from "../typeset";

/** Who says so: a filled dot for what was reported, an open one for a judgement. */
export function Sources({ evidence, hasRange }: { evidence: readonly Evidence[]; hasRange: boolean }) {
  return (
    <ul class="sources">
      {evidence.map(({ source, claim, kind, uri }, index) => (
        <li key={index} class={kind === Kind.JUDGEMENT ? "judged" : "reported"}>
          <span class="unseen">{kind === Kind.JUDGEMENT ? "Judged: " : kind === Kind.REPORTED ? "Reported: " : ""}</span>
          {isWeb(uri) ? <a href={uri} rel="noreferrer">{typeset(source)}</a> : typeset(source)}
          {claim && `: ${typeset(claim)}`}
          {!hasRange && index === 0 && " Given without a range."}
        </li>
      ))}
      {evidence.length === 0 && <li class="none">No source is given.</li>}
    </ul>
  );
}

/** On paper, the numbers of the sources of something, after its name. */
export function Noted({ of }: { of: string }) {
  const numbers = footnotes.value.filter((note) => note.of === of).map(({ number }) => number);
  return numbers.length > 0 ? <sup class="on-paper">{numbers.join(", ")}</sup> : null;
}

/** On paper, the sources as footnotes. */
export function Footnotes() {
  return footnotes.value.length > 0 ? (
    <ol class="on-paper footnotes">
      {footnotes.value.map((note) => <li key={note.number}><FootnoteText {...note} /></li>)}
    </ol>
  ) : null;
}

function FootnoteText({ about, evidence: { source, claim, kind, uri } }: Footnote) {
  const how = kind === Kind.JUDGEMENT ? "judged" : kind === Kind.REPORTED ? "reported" : "";
  return <>{about}{how && `, ${how}`}: {typeset([source, claim].filter(Boolean).join(": "))}{isWeb(uri) && ` ${uri}`}</>;
}

/** Whatever a scenario gives as an address, only one of the web becomes a link. */
const isWeb = (uri: string) => /^https?:\/\//.test(uri);
