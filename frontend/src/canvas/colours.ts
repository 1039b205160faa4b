import { useEffect, useState } from "react";
import type { Colour } from "../core/types";

export interface Colours {
  readonly canvas: string;
  readonly card: string;
  readonly line: string;
  readonly wire: string;
  readonly wirePressure: string;
  readonly wireBlocked: string;
  readonly accent: string;
  readonly changed: string;
  readonly states: Readonly<Record<string, string>>;
  /** Of groups and notes: their lines and titles, and what fills them. */
  readonly tints: Readonly<Record<Colour, { readonly line: string; readonly fill: string }>>;
  /** Families of letters, as CSS names them. */
  readonly font: string;
}

const STATES = ["idle", "running", "working", "waiting", "error", "disabled"];

/** As `frames/frames.css` has them. */
const TINTS = { blue: "http", green: "state", amber: "data", red: "notify", violet: "flow" } as const;

/** The theme's colours as the canvas element needs them: read once per theme, not per frame. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const tint = (name: string) => ({ line: token(`--tint-${name}`), fill: token(`--tint-${name}-bg`) });
  return {
    canvas: token("--bg-canvas"),
    card: token("--bg-raised"),
    line: token("--line-strong"),
    wire: token("--wire"),
    wirePressure: token("--wire-pressure"),
    wireBlocked: token("--wire-blocked"),
    accent: token("--accent"),
    changed: token("--state-changed"),
    states: Object.fromEntries(STATES.map((state) => [state, token(`--state-${state}`)])),
    tints: {
      grey: { line: token("--text-2"), fill: token("--bg-active") },
      ...{ blue: tint(TINTS.blue), green: tint(TINTS.green), amber: tint(TINTS.amber) },
      ...{ red: tint(TINTS.red), violet: tint(TINTS.violet) },
    },
    font: token("--font-sans") || "sans-serif",
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
