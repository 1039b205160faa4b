export type Theme = "system" | "light" | "dark";

const KEY = "weirflow:theme";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? "system";
  } catch {
    return "system";
  }
}

/** Swaps the tokens; `system` leaves the choice to the style sheet's media query. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off: the choice holds until the page is left.
  }
}
