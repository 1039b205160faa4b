import { useState } from "react";

const KEY = "weirflow.inspector.width";
export const MIN_WIDTH = 280;
export const MAX_WIDTH = 640;
export const USUAL_WIDTH = 360;

/** The panel's width in px, within its limits; remembered by this browser. */
export function useWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => limit(Number(localStorage.getItem(KEY)) || USUAL_WIDTH));
  const change = (wanted: number) => {
    const next = limit(wanted);
    setWidth(next);
    localStorage.setItem(KEY, String(next));
  };
  return [width, change];
}

function limit(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}
