export type Theme = "system" | "light" | "dark";

/** The cookie that the server's pages read, so that both show the same and the first paint is right. */
const COOKIE = "weirflow_theme";
const YEAR_S = 365 * 24 * 3600;

export const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function storedTheme(): Theme {
  const chosen = new RegExp(`(?:^|;\\s*)${COOKIE}=(light|dark)`).exec(document.cookie)?.[1];
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

/** Swaps the tokens; `system` leaves the choice to the style sheet's media query. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

/** Remembers the choice for this browser. */
export function chooseTheme(theme: Theme): void {
  applyTheme(theme);
  const age = theme === "system" ? 0 : YEAR_S;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${theme}; Path=/; Max-Age=${String(age)}; SameSite=Lax${secure}`;
}
