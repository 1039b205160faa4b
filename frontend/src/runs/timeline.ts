import type { Run, RunSpan } from "../core/types";

export interface TimelineRow {
  readonly span: RunSpan;
  /** How many hops it took to get here. */
  readonly depth: number;
  /** Hops that came of it, directly. */
  readonly children: number;
  /** Of its duration, what its own node took: without those behind it. */
  readonly own: number | null;
}

/** The part of a run that is drawn, in ms from its beginning. */
export interface Span1D {
  readonly from: number;
  readonly to: number;
}

/** A run is drawn over so much at least, so that one of microseconds can be drawn too. */
const LEAST_MS = 0.001;
const MOST_ZOOM = 10_000;

/** How long a run takes, as far as anybody knows. */
export function wholeOf({ spans, duration_ms }: Run): number {
  const ends = spans.map((span) => span.start_ms + (span.duration_ms ?? 0));
  return Math.max(duration_ms ?? 0, ...ends, LEAST_MS);
}

/** Hops as a tree written down: each below the one that sent it, siblings in the order in which they set out. */
export function timelineRows(spans: readonly RunSpan[]): TimelineRow[] {
  const known = new Set(spans.map(keyOf));
  const children = new Map<string, RunSpan[]>();
  const roots: RunSpan[] = [];
  for (const span of spans) {
    // Of another host's parent that nobody remembers the hop is a beginning.
    const parent = span.parent !== null && known.has(span.parent) ? span.parent : null;
    if (parent === null) roots.push(span);
    else children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const rows: TimelineRow[] = [];
  const seen = new Set<RunSpan>();
  // A stack of our own: 512 hops, each sent by the one before, would be deep for calls.
  const waiting = byStart(roots)
    .reverse()
    .map((span) => ({ span, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span, depth } = next;
    if (seen.has(span)) continue;
    seen.add(span);
    const below = byStart(children.get(span.id) ?? []);
    rows.push({ span, depth, children: below.length, own: ownTime(span, below) });
    for (const child of below.reverse()) waiting.push({ span: child, depth: depth + 1 });
  }
  return rows;
}

/** The time of a hop in which none of those behind it was under way. */
function ownTime(
  { start_ms: start, duration_ms: duration }: RunSpan,
  below: readonly RunSpan[],
): number | null {
  if (duration === null) return null;
  const end = start + duration;
  let covered = 0;
  let until = start;
  for (const { start_ms: from, duration_ms: long } of byStart(below)) {
    const to = Math.min(end, from + (long ?? end - from));
    covered += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return Math.max(0, duration - covered);
}

function byStart(spans: readonly RunSpan[]): RunSpan[] {
  return [...spans].sort((one, other) => one.start_ms - other.start_ms);
}

export function keyOf({ id }: RunSpan): string {
  return id;
}

/** Another part of the run: `factor` above 1 shows more of it, `at` (ms) stays where it is drawn. */
export function zoomed({ from, to }: Span1D, factor: number, at: number, whole: number): Span1D {
  const length = Math.min(whole, Math.max(whole / MOST_ZOOM, (to - from) * factor));
  const share = to > from ? (at - from) / (to - from) : 0.5;
  const start = Math.min(whole - length, Math.max(0, at - share * length));
  return { from: start, to: start + length };
}

/** The part moved along by `by` of its own length. */
export function moved({ from, to }: Span1D, by: number, whole: number): Span1D {
  const length = to - from;
  const start = Math.min(whole - length, Math.max(0, from + by * length));
  return { from: start, to: start + length };
}

/** Round times within the part, about as many as `wanted`. */
export function ticks({ from, to }: Span1D, wanted = 4): number[] {
  const raw = (to - from) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= raw) ?? raw;
  const found: number[] = [];
  for (let n = Math.ceil(from / step); n * step <= to && found.length < 20; n += 1) found.push(n * step);
  return found;
}

/** A tick's time in the unit that fits the part, as fine as it has to be to tell it from its neighbours. */
export function tickText(at: number, { from, to }: Span1D): string {
  const [unit, size] =
    to < 1 ? (["µs", 1000] as const) : to < 1000 ? (["ms", 1] as const) : (["s", 0.001] as const);
  const digits = Math.max(0, Math.ceil(-Math.log10(((to - from) * size) / 4)));
  return `${(at * size).toFixed(Math.min(6, digits))} ${unit}`;
}
