import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ScenarioSchema } from "./gen/scenarios/v1/scenario_pb";
import { titleOf } from "./titles";

const scenario = (name: string, displayName: string) => create(ScenarioSchema, { name: `scenarios/${name}`, displayName });

test("scenarios of one name are told apart by their ids, one without a name has only that", () => {
  const all = [scenario("a", "Convoys"), scenario("b", "Convoys"), scenario("c", "Troops"), scenario("d", "")];
  expect(all.map((one) => titleOf(one, all))).toEqual(["Convoys (a)", "Convoys (b)", "Troops", "d"]);
});
