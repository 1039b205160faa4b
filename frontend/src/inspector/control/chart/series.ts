/** Recent values of live numbers, as far as this page has seen them. */

export interface Point {
  /** Milliseconds of this browser's clock. */
  readonly at: number;
  readonly value: number;
}

/** Values closer to each other than this share a point; the newest stands. */
const SPACING_MS = 500;
const MAX_POINTS = 240;
/** Older ones say nothing about now. */
const WINDOW_MS = 10 * 60_000;
const MAX_SERIES = 200;

/** Adds a value; the same array when nothing is new. Never longer than `MAX_POINTS`. */
export function withPoint(points: readonly Point[], value: number, at: number): readonly Point[] {
  const last = points.at(-1);
  if (last?.value === value) return points;
  const before = points.at(-2);
  const crowded = last !== undefined && before !== undefined && at - before.at < SPACING_MS;
  const kept = crowded ? points.slice(0, -1) : points;
  return [...kept, { at, value }].filter((point) => at - point.at <= WINDOW_MS).slice(-MAX_POINTS);
}

/** All series of the page by node and field: a panel that is closed and opened again goes on where it was. */
const series = new Map<string, readonly Point[]>();

export function record(key: string, value: number, at: number): readonly Point[] {
  const before = series.get(key) ?? [];
  const points = withPoint(before, value, at);
  if (points !== before) {
    series.delete(key);
    series.set(key, points);
    const [oldest] = series.keys();
    if (series.size > MAX_SERIES && oldest !== undefined) series.delete(oldest);
  }
  return points;
}

export function recorded(key: string): readonly Point[] {
  return series.get(key) ?? [];
}

/** For tests. */
export function forgetSeries(): void {
  series.clear();
}
