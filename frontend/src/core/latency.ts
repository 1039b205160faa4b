import { durationText } from "./format";

/** Upper bounds of the link's buckets in ms: 64 us to 67 s, each four times the one before; a last one has no end. */
export const LATENCY_BOUNDS_MS: readonly number[] = Array.from({ length: 11 }, (_, n) => 4 ** (n + 3) / 1000);

export interface LatencyBar {
  /** "< 4 ms"; the last "> 67 s". */
  readonly label: string;
  readonly count: number;
}

/** Bars from the first bucket that has something to the last, at least three of them; none when there was nothing. */
export function latencyBars(counts: readonly number[]): LatencyBar[] {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return [];
  const last = counts.findLastIndex((count) => count > 0);
  const from = Math.max(0, Math.min(first - 1, last - 2));
  const to = Math.min(counts.length - 1, Math.max(last + 1, from + 2));
  return counts.slice(from, to + 1).map((count, index) => ({ label: labelOf(from + index), count }));
}

function labelOf(bucket: number): string {
  const bound = LATENCY_BOUNDS_MS[bucket];
  const last = LATENCY_BOUNDS_MS.at(-1) ?? 0;
  return bound === undefined ? `> ${round(last)}` : `< ${round(bound)}`;
}

function round(ms: number): string {
  if (ms < 1) return `${String(Math.round(ms * 1000))} µs`;
  return durationText(ms >= 1000 ? Math.round(ms / 1000) * 1000 : Math.round(ms));
}
