import { useState } from "react";

const KEY = "weirflow.drawer.height";
export const MIN_HEIGHT = 160;
export const MAX_HEIGHT = 640;
export const USUAL_HEIGHT = 288;

/** The drawer's height in px, within its limits; remembered by this browser. */
export function useHeight(): [number, (height: number) => void] {
  const [height, setHeight] = useState(() => limit(Number(localStorage.getItem(KEY)) || USUAL_HEIGHT));
  const change = (wanted: number): void => {
    const next = limit(wanted);
    setHeight(next);
    localStorage.setItem(KEY, String(next));
  };
  return [height, change];
}

function limit(height: number): number {
  return Math.round(Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)));
}
