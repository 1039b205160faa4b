import { isObject } from "../core/json";
import type { Json, Run, RunSpan } from "../core/types";
import type { Sample } from "./types";

export interface Captured {
  readonly samples: readonly Sample[];
  /** Messages that could not be kept: cut because of their size, or not recorded. */
  readonly left: number;
}

/**
 * What a run sent from each output: its entry is the first node's own message, each hop tells what was sent into it
 * before the wire's mapping. Of several messages of one port the first counts.
 */
export function samplesOfRun(run: Run): Captured {
  const samples = new Map<string, Sample>();
  let left = 0;
  for (const span of run.spans) {
    const sample = sentIn(span);
    if (sample === "nothing") continue;
    if (sample === null || isCut(sample.data)) {
      left += 1;
      continue;
    }
    const place = `${sample.node}:${sample.port}`;
    if (!samples.has(place)) samples.set(place, sample);
  }
  return { samples: [...samples.values()], left };
}

/** A message as hosts tell of one over their limit: only its beginning is there. */
export function isCut(message: Json): boolean {
  return isObject(message) && message["truncated"] === true && typeof message["beginning"] === "string";
}

/** A name for what was captured, free among those that are taken. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const others = new Set(taken);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted} (${String(number)})`;
    if (!others.has(name)) return name;
  }
}

function sentIn(span: RunSpan): Sample | null | "nothing" {
  if (span.sent) return { node: span.sent.node, port: span.sent.port, data: span.sent.message };
  // A hop of the first node's own message has nothing to add to the entry.
  if (span.edge !== null || span.node === null) return "nothing";
  return span.message === undefined ? null : { node: span.node, port: span.port, data: span.message };
}
