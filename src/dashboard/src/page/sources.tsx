import { type Evidence, Evidence_Kind as Kind } from "../gen/scenarios/v1/scenario_pb";

/** Who says so: a filled dot for what was reported, an open one for a judgement. */
export function Sources({ evidence, hasRange }: { evidence: readonly Evidence[]; hasRange: boolean }) {
  return (
    <ul class="sources">
      {evidence.map(({ source, claim, kind, uri }, index) => (
        <li key={index} class={kind === Kind.JUDGEMENT ? "judged" : "reported"}>
          <span class="unseen">{kind === Kind.JUDGEMENT ? "Judged: " : kind === Kind.REPORTED ? "Reported: " : ""}</span>
          {isWeb(uri) ? <a href={uri} rel="noreferrer">{source}</a> : source}
          {claim && `: ${claim}`}
          {!hasRange && index === 0 && " Given without a range."}
        </li>
      ))}
      {evidence.length === 0 && <li class="none">No source is given.</li>}
    </ul>
  );
}

/** Whatever a scenario gives as an address, only one of the web becomes a link. */
const isWeb = (uri: string) => /^https?:\/\//.test(uri);
