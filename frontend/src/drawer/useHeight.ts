import { useState } from "react";

const KEY = "weirflow.drawer.height";
export const MIN_HEIGHT = 160;
export const MAX_HEIGHT = 640;
export const USUAL_HEIGHT = 288;

/** A drawer's height in px, within its limits; remembered by this browser. Those of the usual height share one. */
export function useHeight(usual: number = USUAL_HEIGHT): [number, (height: number) => void] {
  const key = usual === USUAL_HEIGHT ? KEY : `${KEY}.${String(usual)}`;
  const [height, setHeight] = useState(() => limit(Number(localStorage.getItem(key)) || usual));
  const change = (wanted: number): void => {
    const next = limit(wanted);
    setHeight(next);
    localStorage.setItem(key, String(next));
  };
  return [height, change];
}

function limit(height: number): number {
  return Math.round(Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)));
}
