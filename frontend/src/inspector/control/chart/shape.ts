/** Points as a drawing 100 wide and 100 high, and in words. Pure. */

import type { Point } from "./series";

export interface Shape {
  line: string;
  area: string;
  lowest: number;
  highest: number;
  /** Milliseconds from the first point to now. */
  span: number;
}

/** A drawing needs some time: half a minute at least, so that the first values do not jump about. */
const LEAST_SPAN_MS = 30_000;
/** Room above and below, of 100. */
const MARGIN = 6;

/** The values as steps: each stands until the next. Null before there is any. */
export function shapeOf(points: readonly Point[], now: number): Shape | null {
  const first = points[0];
  if (!first) return null;
  const values = points.map(({ value }) => value);
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const span = Math.max(now - first.at, LEAST_SPAN_MS);
  const x = (at: number) => round(100 - ((now - at) / span) * 100);
  const y = (value: number) => {
    if (highest === lowest) return 50;
    return round(100 - MARGIN - ((value - lowest) / (highest - lowest)) * (100 - 2 * MARGIN));
  };
  let line = "";
  for (const { at, value } of points) {
    line += line === "" ? `M${String(x(at))} ${String(y(value))}` : `H${String(x(at))}V${String(y(value))}`;
  }
  line += "H100";
  return { line, area: `${line}V100H${String(x(first.at))}Z`, lowest, highest, span };
}

/** "Now 42; lowest 3, highest 50 in the last 2 min." */
export function summaryOf(points: readonly Point[], now: number, write: (value: number) => string): string {
  const last = points.at(-1);
  const first = points[0];
  if (!last || !first) return "No values yet.";
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const since = spanText(now - first.at);
  if (low === high) return `${write(last.value)}, unchanged in the last ${since}.`;
  return `Now ${write(last.value)}; lowest ${write(low)}, highest ${write(high)} in the last ${since}.`;
}

export function spanText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 100 ? `${String(seconds)} s` : `${String(Math.round(seconds / 60))} min`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
