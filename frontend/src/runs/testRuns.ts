/** For tests: recorded runs. */

import type { Run, RunSpan, RunSummary } from "../core/types";

/** A hop at the node `n-<id>`, over the wire `e-<id>` where something sent it. */
export function aSpan(
  id: string,
  parent: string | null,
  start: number,
  duration: number | null,
  more: Partial<RunSpan> = {},
): RunSpan {
  const edge = parent === null ? null : `e-${id}`;
  const place = { node: `n-${id}`, port: "in", edge, bytes: null, error: null, host: "h1" };
  return { id, parent, start_ms: start, duration_ms: duration, ...place, ...more };
}

export function aSummary(trace: string, more: Partial<RunSummary> = {}): RunSummary {
  const end = { duration_ms: 12, state: "ok", error: null } as const;
  return {
    trace,
    node: "n-1",
    port: "out",
    at: 1_700_000_000_000,
    spans: 3,
    cut: false,
    whole: true,
    hosts: ["h1"],
    ...end,
    ...more,
  };
}

export function aRun(spans: RunSpan[], more: Partial<RunSummary> = {}): Run {
  return { ...aSummary("t1", more), spans };
}
