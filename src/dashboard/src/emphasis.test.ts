import { expect, test } from "vitest";
import { parts, plain } from "./emphasis";

const sentence = "By 17 November 2026 about **83,000 troops** will have been sent; passing **50,000** is likely (73 %).";

test("every second part is emphasised", () => {
  expect(parts(sentence).filter((_, index) => index % 2 === 1)).toEqual(["83,000 troops", "50,000"]);
});

test("a plain sentence keeps every character but the markup", () => {
  expect(plain(sentence)).toBe(sentence.replaceAll("*", ""));
});
