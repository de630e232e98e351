import type { Scenario } from "./gen/scenarios/v1/scenario_pb";

/** What a scenario is called among others: with its id where another has the same name. */
export function titleOf({ name, displayName }: Scenario, among: readonly Scenario[]): string {
  const id = name.replace(/^scenarios\//, "");
  const isAlone = among.filter((other) => other.displayName === displayName).length <= 1;
  return displayName === "" ? id : isAlone ? displayName : `${displayName} (${id})`;
}

/** An id made of a name: "North Korean troops, 2027" is north-korean-troops-2027. */
export const idOf = (name: string): string =>
  name.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+/, "").slice(0, 62).replace(/-+$/, "");
