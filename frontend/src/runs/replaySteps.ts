import type { RunSpan } from "../core/types";
import type { Lit } from "../live/replay";

/** One moment of a replay: a hop sets out, or all is over. */
export interface Step {
  /** Milliseconds from the run's beginning. */
  readonly at: number;
  /** The hop that sets out; null at the end. */
  readonly span: RunSpan | null;
  readonly lights: ReadonlyMap<string, Lit>;
}

/** A replay is about so long, and no step of it shorter or longer than these. */
const WHOLE_MS = 5_000;
const STEP_MS = { least: 180, most: 1_500 };

/** The run as steps in the order in which it was recorded. */
export function stepsOf(spans: readonly RunSpan[]): Step[] {
  const ordered = [...spans].sort((one, other) => one.start_ms - other.start_ms);
  const steps = ordered.map<Step>((span, index) => ({
    at: span.start_ms,
    span,
    lights: lightsAt(ordered.slice(0, index + 1), span.start_ms, span),
  }));
  const end = Math.max(0, ...ordered.map(({ start_ms, duration_ms }) => start_ms + (duration_ms ?? 0)));
  return [...steps, { at: end, span: null, lights: lightsAt(ordered, Infinity, null) }];
}

/** How long each step is shown, in ms: the run's own times, drawn out or drawn together. */
export function pausesOf(steps: readonly Step[]): number[] {
  const whole = steps.at(-1)?.at ?? 0;
  const scale = whole > 0 ? WHOLE_MS / whole : 0;
  return steps.map(({ at }, index) => {
    const gap = ((steps[index + 1]?.at ?? at) - at) * scale;
    return Math.min(STEP_MS.most, Math.max(STEP_MS.least, gap));
  });
}

function lightsAt(begun: readonly RunSpan[], at: number, current: RunSpan | null): Map<string, Lit> {
  const lights = new Map<string, Lit>();
  for (const span of begun) {
    const over = span !== current && span.start_ms + (span.duration_ms ?? Infinity) <= at;
    const lit: Lit = !over && at !== Infinity ? "lit" : span.error ? "failed" : "past";
    for (const id of [span.node, span.edge]) {
      if (id !== null && rank(lit) >= rank(lights.get(id))) lights.set(id, lit);
    }
  }
  return lights;
}

/** A node may have several of a run's messages: what it has now says more than what it had. */
function rank(lit: Lit | undefined): number {
  return lit === undefined ? 0 : { past: 1, failed: 2, lit: 3 }[lit];
}
