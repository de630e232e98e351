import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { footnotesOf } from "./footnotes";
import { ScenarioSchema } from "./gen/scenarios/v1/scenario_pb";

test("sources are numbered in the order of the page, each with what it stands for", () => {
  const scenario = create(ScenarioSchema, {
    assumptions: {
      batchSize: { evidence: [{ source: "Analyst" }] },
      rotationIntervalDays: { evidence: [{ source: "Ambassador" }, { source: "Analyst" }] },
      rotationModeEvidence: [{ source: "Bloomberg" }],
    },
    events: [{ eventId: "leverage", displayName: "Beijing uses its leverage", evidence: [{ source: "Reporting" }] }, { eventId: "quiet" }],
  });
  expect(footnotesOf(scenario).map(({ number, of, about, evidence }) => [number, of, about, evidence.source])).toEqual([
    [1, "rotation_interval_days", "Gap between arrivals", "Ambassador"],
    [2, "rotation_interval_days", "Gap between arrivals", "Analyst"],
    [3, "batch_size", "Size of a batch", "Analyst"],
    [4, "rotation_mode", "What a rotation does", "Bloomberg"],
    [5, "events.leverage", "Beijing uses its leverage", "Reporting"],
  ]);
  expect(footnotesOf(create(ScenarioSchema))).toEqual([]);
});
