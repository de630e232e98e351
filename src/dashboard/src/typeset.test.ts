import { expect, test } from "vitest";
import { typeset } from "./typeset";

test.each([
  ["China's influence, the analyst's", "China’s influence, the analyst’s"],
  ['Write "60 to 150" ("fixed")', "Write “60 to 150” (“fixed”)"],
  ["They said 'in rotation', and can't", "They said ‘in rotation’, and can’t"],
  ["in the summer of '25", "in the summer of ’25"],
  ["get there by 26 June 2026. All along, 15,000", "get there by 26\u00a0June 2026. All along, 15,000"],
  ["about 83,000 Troops, in 2 Batches", "about 83,000 Troops, in 2 Batches"],
])("%s", (typed, set) => {
  expect(typeset(typed)).toBe(set);
});
