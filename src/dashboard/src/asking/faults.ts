import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb";
import { type Mend, MendsSchema } from "../gen/scenarios/v1/mend_pb";

/** A rule that what was asked breaks, in the service's words. */
export interface Violation {
  /** What it concerns, as a key of ProjectRequest.overrides: "batch_size"; for anything else the service's field path. */
  readonly key: string;
  /** The service's path of the field, for whoever knows the API. */
  readonly path: string;
  /** What is wrong: the first sentence. */
  readonly problem: string;
  /** What is allowed, and how to mend it. */
  readonly advice: string;
  /** Texts that may take the place of the one refused: alternatives. */
  readonly mends: readonly Mend[];
}

/** Why there is no answer. */
export type Fault =
  /** What was asked breaks rules; asking again changes nothing. */
  | { readonly kind: "rules"; readonly message: string; readonly violations: readonly Violation[] }
  /** The service wants a token, or another one. */
  | { readonly kind: "token"; readonly message: string }
  /** What was asked for is not there. */
  | { readonly kind: "missing"; readonly message: string }
  /** Somebody else has changed the scenario meanwhile. */
  | { readonly kind: "conflict"; readonly message: string }
  /** There is a scenario of that id already. */
  | { readonly kind: "taken"; readonly message: string }
  /** The service answers, and asks to be asked later. */
  | { readonly kind: "busy"; readonly message: string; readonly retryAfter: number }
  /** Nothing was heard. */
  | { readonly kind: "lost"; readonly retryAfter: number | null }
  /** Anything else; asking again changes nothing. */
  | { readonly kind: "other"; readonly message: string };

/** What an error of a call means for the page. */
export function faultOf(cause: unknown): Fault {
  const error = ConnectError.from(cause);
  const isFromService = error.findDetails(ErrorInfoSchema).length > 0;
  const retry = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  const retryAfter = retry ? durationMs(retry) : null;
  const message = error.rawMessage;
  if (!isFromService) {
    // An error without the service's reason was made on the way: by the browser, or by a proxy that found nobody.
    return error.code === Code.Unimplemented ? { kind: "other", message } : { kind: "lost", retryAfter };
  }
  if (retryAfter !== null) {
    return error.code === Code.Unavailable && error.findDetails(ErrorInfoSchema)[0]?.reason === "DRAINING"
      ? { kind: "lost", retryAfter }
      : { kind: "busy", message, retryAfter };
  }
  switch (error.code) {
    case Code.InvalidArgument: {
      const mends = error.findDetails(MendsSchema).flatMap((all) => all.mends);
      const violations = error.findDetails(BadRequestSchema).flatMap((all) => all.fieldViolations.map((found) => violation(found, mends)));
      return { kind: "rules", message, violations };
    }
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return { kind: "token", message };
    case Code.NotFound:
      return { kind: "missing", message };
    case Code.Aborted:
      return { kind: "conflict", message };
    case Code.AlreadyExists:
      return { kind: "taken", message };
    default:
      return { kind: "other", message };
  }
}

function violation({ field, description }: { field: string; description: string }, mends: readonly Mend[]): Violation {
  // Of an override the service names the field that it wrote to, in front of what it says about it.
  const override = /^overrides\["(.*)"\]$/.exec(field)?.[1];
  const [, written, words] = /^(\S+) of the scenario: (.*)$/s.exec(description) ?? [];
  const said = words ?? description;
  const end = said.search(/[.;:] /) + 1;
  return {
    key: override ?? keyOf(field),
    path: written ?? field,
    problem: capitalised(end > 0 ? said.slice(0, end) : said),
    advice: end > 0 ? said.slice(end + 1) : "",
    mends: mends.filter((mend) => mend.field === field),
  };
}

/** The name of a field begins a sentence here: "low 150 is above high 60". */
const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** The key of the override that would write to a field of a scenario given inline. */
function keyOf(field: string): string {
  const [, assumption, factor] = /^scenario\.assumptions\.([a-z_]+)(\.path_factor)?/.exec(field) ?? [];
  return assumption ? assumption + (factor ?? "") : field.replace(/^scenario\./, "").replace(/\[.*$/, "");
}
