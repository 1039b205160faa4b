import { useEffect, useState } from "react";

export interface Colours {
  readonly card: string;
  readonly line: string;
  readonly wire: string;
  readonly accent: string;
  readonly changed: string;
  readonly states: Readonly<Record<string, string>>;
}

const STATES = ["idle", "running", "working", "waiting", "error", "disabled"];

/** The theme's colours as the canvas element needs them: read once per theme, not per frame. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    card: token("--bg-raised"),
    line: token("--line-strong"),
    wire: token("--wire"),
    accent: token("--accent"),
    changed: token("--state-changed"),
    states: Object.fromEntries(STATES.map((state) => [state, token(`--state-${state}`)])),
  };
}

/** The theme's colours; read again when the theme changes. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const read = (): void => setColours(readColours());
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", read);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", read);
    };
  }, []);
  return colours;
}
