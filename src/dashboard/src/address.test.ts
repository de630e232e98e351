import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address";

const parse = (address: string) => parseAddress(new URL(address, "http://localhost"));

test.each([
  "/",
  "/?scenario=dprk-rotation",
  "/?new=scenario#batch_size=pert(4000,+10000,+15000)",
  "/?scenario=",
  "/?at=2026-02-01&counts=50000,75000&show=present,futures",
  "/?show=",
  "/?show=present,table",
  "/projections/pfqfqk4mqqdzrubf5xtzp43ru2izzl47?at=2026-02-01",
  "/#rotation_interval_days=45+to+90&events.beijing-leverage.disabled=false",
  "/#batch_size=mixture(70+%25:+60+to+180,+30+%25:+uniform(20,+40))",
])("%s is read and written alike", (address) => {
  expect(formatAddress(parse(address))).toBe(address);
});

test("notation survives the way through an address", () => {
  const edits = { batch_size: "normal(1e+3, 20) truncated at least 0 & more = #?%" };
  expect(parse(formatAddress({ ...parse("/"), edits })).edits).toEqual(edits);
});

test("what makes no sense is left out", () => {
  expect(formatAddress(parse("/?at=tomorrow&counts=1,x,-3,1,2.5,7"))).toBe("/?counts=1,7");
});
