import { create } from "@bufbuild/protobuf";
import { type ProjectRequest, ProjectRequestSchema } from "../gen/scenarios/v1/projection_service_pb";
import type { Scenario } from "../gen/scenarios/v1/scenario_pb";

/** Values in the text notation, by the keys of ProjectRequest.overrides. */
export type Edits = Readonly<Record<string, string>>;

/** What the page wants to know. */
export interface Question {
  /** The scenario before the edits. */
  readonly scenario: Scenario;
  /** The name it is stored under; empty for one that is not stored, or is not the newest revision. */
  readonly storedAs: string;
  readonly edits: Edits;
  /** Counts beside the scenario's own thresholds. */
  readonly counts: readonly number[];
  readonly seed: bigint;
}

/** Steps drawn where the picture shows how a single future goes. */
const sampleFutures = 20;

/** As many days as the service gives histograms for with room to spare; beyond it, quarter starts. */
const mostSliceDays = 150;

/** The request for an answer from so many paths: as it sharpens, or once it is there. */
export function requestOf(question: Question, paths: number, finalOnly: boolean): ProjectRequest {
  const { scenario, edits } = question;
  const thresholds = scenario.thresholds.map(Number);
  const added = question.counts.filter((count) => !thresholds.includes(count));
  return create(ProjectRequestSchema, {
    source: question.storedAs
      ? { case: "scenarioName", value: question.storedAs }
      : { case: "scenario", value: scenario },
    overrides: { ...edits },
    paths: BigInt(paths),
    seed: question.seed,
    thresholds: added.length > 0 ? [...thresholds, ...added].map(BigInt) : [],
    samplePathCount: sampleFutures,
    finalOnly,
    histogramDays: sliceDays(scenario, numberOf(edits.horizon_days, scenario.horizonDays), numberOf(edits.step_days, scenario.stepDays)),
  });
}

/** Whether two questions have the same answer. */
export function isSame(a: Question, b: Question): boolean {
  const keys = Object.keys(a.edits);
  return a.scenario === b.scenario
    && a.seed === b.seed
    && keys.length === Object.keys(b.edits).length
    && keys.every((key) => a.edits[key] === b.edits[key])
    && a.counts.length === b.counts.length
    && a.counts.every((count, index) => count === b.counts[index]);
}

/** The days whose distribution the page can show: every grid day, or the quarter starts where these are too many. */
export function sliceDays({ startDate }: Scenario, horizon: number, step: number): number[] {
  const steps = Math.ceil(horizon / step);
  if (steps < mostSliceDays) {
    return Array.from({ length: steps + 1 }, (_, index) => Math.min(index * step, horizon));
  }
  const days = [0];
  if (startDate) {
    const start = Date.UTC(startDate.year, startDate.month - 1, startDate.day);
    for (let quarter = Math.floor((startDate.month - 1) / 3) + 1; days.length < mostSliceDays; quarter++) {
      const day = (Date.UTC(startDate.year, quarter * 3, 1) - start) / 86_400_000;
      if (day >= horizon) {
        break;
      }
      days.push(day);
    }
  }
  return [...days, horizon];
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return value > 0 ? value : otherwise;
}
