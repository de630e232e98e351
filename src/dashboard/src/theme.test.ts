import { describe, expect, test } from "vitest";
import { type Theme, ThemeChoice } from "./theme";

/** A browser with something kept, and a system that can change. */
function browser(kept: string | null, isDark: boolean) {
  const items = new Map(kept === null ? [] : [["theme", kept]]);
  const listeners: (() => void)[] = [];
  const applied: (Theme | null)[] = [];
  const prefersDark = { matches: isDark, addEventListener: (_: string, listener: () => void) => void listeners.push(listener) };
  return {
    items,
    applied,
    turn: (dark: boolean) => {
      prefersDark.matches = dark;
      listeners.forEach((listener) => listener());
    },
    surroundings: {
      storage: {
        getItem: (key: string) => items.get(key) ?? null,
        setItem: (key: string, value: string) => void items.set(key, value),
        removeItem: (key: string) => void items.delete(key),
      },
      prefersDark: prefersDark as unknown as MediaQueryList,
      apply: (chosen: Theme | null) => void applied.push(chosen),
    },
  };
}

describe("the theme", () => {
  test("is the system's, and follows it", () => {
    const { surroundings, applied, turn } = browser(null, true);
    const choice = new ThemeChoice(surroundings);
    expect(choice.theme.value).toBe("dark");
    turn(false);
    expect(choice.theme.value).toBe("light");
    expect(applied).toEqual([null]);
  });

  test("is the reader's once chosen, whatever the system turns to, and the next time too", () => {
    const first = browser(null, false);
    const choice = new ThemeChoice(first.surroundings);
    choice.choose("dark");
    expect(first.applied.at(-1)).toBe("dark");
    first.turn(true);
    first.turn(false);
    expect(choice.theme.value).toBe("dark");
    const next = browser(first.items.get("theme")!, false);
    expect(new ThemeChoice(next.surroundings).theme.value).toBe("dark");
    expect(next.applied).toEqual(["dark"]);
  });

  test("is the system's again where the reader chooses the same", () => {
    const { surroundings, items, applied, turn } = browser("dark", false);
    const choice = new ThemeChoice(surroundings);
    choice.choose("light");
    expect(items.size).toBe(0);
    expect(applied.at(-1)).toBeNull();
    turn(true);
    expect(choice.theme.value).toBe("dark");
  });

  test("holds for the page where the browser keeps nothing, and takes nothing that is no theme", () => {
    const { surroundings, applied } = browser("blue", false);
    expect(new ThemeChoice(surroundings).theme.value).toBe("light");
    const refuse = () => {
      throw new Error("SecurityError");
    };
    const choice = new ThemeChoice({ ...surroundings, storage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
    choice.choose("dark");
    expect(choice.theme.value).toBe("dark");
    expect(applied.at(-1)).toBe("dark");
  });
});
