import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer } from "./announcer";

let heard: string[];
let announcer: Announcer;

beforeEach(() => {
  vi.useFakeTimers();
  heard = [];
  announcer = new Announcer((sentence) => heard.push(sentence));
});
afterEach(() => void vi.useRealTimers());

test("the first answer is said at once", () => {
  announcer.hear("one", "sharpening");
  expect(heard).toEqual(["one"]);
});

test("an answer that says the same is not said again", () => {
  announcer.hear("one", "sharpening");
  vi.advanceTimersByTime(60_000);
  announcer.hear("one", "done");
  expect(heard).toEqual(["one"]);
});

test("while it sharpens, only the newest is said, after a pause", () => {
  announcer.hear("one", "sharpening");
  vi.advanceTimersByTime(1_000);
  announcer.hear("two", "sharpening");
  announcer.hear("three", "sharpening");
  vi.advanceTimersByTime(3_999);
  expect(heard).toEqual(["one"]);
  vi.advanceTimersByTime(1);
  expect(heard).toEqual(["one", "three"]);
});

test("the last answer is said at once", () => {
  announcer.hear("one", "sharpening");
  announcer.hear("two", "done");
  expect(heard).toEqual(["one", "two"]);
});

test("a drag is silent until the value has rested", () => {
  announcer.hear("one", "done");
  for (let step = 0; step < 50; step++) {
    announcer.hear(`step ${step}`, "dragged");
    vi.advanceTimersByTime(100);
  }
  expect(heard).toEqual(["one"]);
  vi.advanceTimersByTime(1_000);
  expect(heard).toEqual(["one", "step 49"]);
});
