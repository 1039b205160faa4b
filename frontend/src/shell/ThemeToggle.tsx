import { useState } from "react";
import { Icon } from "../ui/Icon";
import { chooseTheme, storedTheme, THEMES, type Theme } from "../ui/theme";

const ICONS = { system: "monitor", light: "sun", dark: "moon" } as const;

export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s"
      aria-label={`Theme: ${theme}. Switch to ${next}`}
      title={`Theme: ${theme}`}
      onClick={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}
