import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { BadRequestSchema, ErrorInfoSchema } from "../gen/google/rpc/error_details_pb";
import { MendsSchema } from "../gen/scenarios/v1/mend_pb";
import { faultOf } from "./faults";

const reason = (of: string) => ({ desc: ErrorInfoSchema, value: { domain: "scenarios", reason: of } });

/** The one violation of an error whose field and description are these. */
function violation(field: string, description: string) {
  const fault = faultOf(new ConnectError("1 violation", Code.InvalidArgument, undefined, [
    reason("INVALID_REQUEST"),
    { desc: BadRequestSchema, value: { fieldViolations: [{ field, description }] } },
    { desc: MendsSchema, value: { mends: [{ field, label: "Leave out below 1", text: "normal(10 to 150) truncated at least 1" }, { field: "else" }] } },
  ]));
  return fault.kind === "rules" ? fault.violations[0] : undefined;
}

test("a violation of an override is at its key, with the service's words and mends", () => {
  expect(violation(
    'overrides["rotation_interval_days"]',
    "assumptions.rotation_interval_days.distribution of the scenario: A gap between arrivals is above 0, but this one is not with a probability of 0.03. Set truncation.min to 1.",
  )).toMatchObject({
    key: "rotation_interval_days",
    path: "assumptions.rotation_interval_days.distribution",
    problem: "A gap between arrivals is above 0, but this one is not with a probability of 0.03.",
    advice: "Set truncation.min to 1.",
    mends: [{ label: "Leave out below 1", text: "normal(10 to 150) truncated at least 1" }],
  });
});

test.each([
  ["scenario.assumptions.batch_size", "batch_size"],
  ["scenario.assumptions.batch_size.distribution.pert.mode", "batch_size"],
  ["scenario.assumptions.batch_size.path_factor", "batch_size.path_factor"],
  ["scenario.horizon_days", "horizon_days"],
  ["thresholds[2]", "thresholds"],
  ['overrides["events.storm.disabled"]', "events.storm.disabled"],
])("a violation at %s is at the key %s", (field, key) => {
  expect(violation(field, "It is required. Give one.")).toMatchObject({ key, problem: "It is required.", advice: "Give one." });
});

test("a problem that begins with the name of a field is a sentence all the same", () => {
  expect(violation('overrides["batch_size"]', "assumptions.batch_size.distribution.log_normal.interval.low of the scenario: low 150 is above high 60; it must be below. Swap low and high."))
    .toMatchObject({ problem: "Low 150 is above high 60;", advice: "it must be below. Swap low and high." });
});

test.each([
  [Code.Unauthenticated, "TOKEN_MISSING", "token"],
  [Code.PermissionDenied, "SCOPE_MISSING", "token"],
  [Code.NotFound, "PROJECTION_NOT_FINISHED", "missing"],
  [Code.Aborted, "ETAG_MISMATCH", "conflict"],
  [Code.AlreadyExists, "SCENARIO_EXISTS", "taken"],
  [Code.ResourceExhausted, "REQUEST_TOO_LARGE", "other"],
])("%i with reason %s is a %s", (code, name, kind) => {
  expect(faultOf(new ConnectError("words", code, undefined, [reason(name)]))).toMatchObject({ kind, message: "words" });
});

test.each([
  [new TypeError("Failed to fetch")],
  [new ConnectError("HTTP 502", Code.Unavailable)],
  [new ConnectError("missing trailer", Code.DataLoss)],
])("%s was made on the way: the connection is lost", (error) => {
  expect(faultOf(error)).toEqual({ kind: "lost", retryAfter: null });
});
