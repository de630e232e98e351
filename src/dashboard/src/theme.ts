import { computed, signal } from "@preact/signals";

export type Theme = "light" | "dark";

/** What the choice of a theme needs of the browser. */
export interface ThemeSurroundings {
  /** Kept beyond a reload; a browser that keeps nothing for a page throws. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly prefersDark: Pick<MediaQueryList, "matches" | "addEventListener">;
  /** Applies a choice; null: as the system has it. */
  apply(chosen: Theme | null): void;
}

const key = "theme";

/** Light or dark: as the system has it, until the reader chooses otherwise; the choice is kept in the browser. */
export class ThemeChoice {
  private readonly system = signal<Theme>("light");
  private readonly chosen = signal<Theme | null>(null);

  readonly theme = computed(() => this.chosen.value ?? this.system.value);

  constructor(private readonly surroundings: ThemeSurroundings) {
    const { prefersDark } = surroundings;
    const follow = () => {
      this.system.value = prefersDark.matches ? "dark" : "light";
    };
    follow();
    prefersDark.addEventListener("change", follow);
    this.take(this.kept());
  }

  /** Chooses a theme; the one that the system has is no choice, and follows it from then on. */
  choose(theme: Theme): void {
    const chosen = theme === this.system.value ? null : theme;
    this.take(chosen);
    try {
      if (chosen === null) {
        this.surroundings.storage.removeItem(key);
      } else {
        this.surroundings.storage.setItem(key, chosen);
      }
    } catch {
      // It then holds until the page is left.
    }
  }

  private take(chosen: Theme | null): void {
    this.chosen.value = chosen;
    this.surroundings.apply(chosen);
  }

  private kept(): Theme | null {
    try {
      const kept = this.surroundings.storage.getItem(key);
      return kept === "light" || kept === "dark" ? kept : null;
    } catch {
      return null;
    }
  }
}
