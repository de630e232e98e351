import { fromJsonString } from "@bufbuild/protobuf";
import { type Projection, ProjectionSchema } from "../../gen/scenarios/v1/projection_pb";
import answer from "./dprk-rotation-10000.json?raw";

/**
 * The service's own answer: scenarios/dprk-rotation, 10,000 paths, seed 1, thresholds 50,000 and 75,000, reported by the quarter, with
 * three sample paths and the histograms of days 365 and 730 in 20 bins.
 */
export function dprkRotation(): Projection {
  return fromJsonString(ProjectionSchema, answer);
}
