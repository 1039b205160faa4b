/** The validator worker: off the page's thread, and interpreting, because the Content-Security-Policy forbids compiled checks. */

import { checker, type Check } from "./check";
import { MAX_KEPT, type CheckReply, type CheckRequest } from "./protocol";

/** By number, oldest first; null for a schema that cannot be used. */
const kept = new Map<number, Check | null>();

function keep({ of, schema }: CheckRequest): Check | null {
  if (schema !== undefined) {
    kept.set(of, prepare(schema));
    kept.delete(of - MAX_KEPT);
  }
  return kept.get(of) ?? null;
}

function prepare(schema: NonNullable<CheckRequest["schema"]>): Check | null {
  try {
    return checker(schema);
  } catch {
    return null;
  }
}

function answer(request: CheckRequest): CheckReply {
  try {
    return { id: request.id, errors: keep(request)?.(request.value) ?? null };
  } catch {
    return { id: request.id, errors: null };
  }
}

self.addEventListener("message", (event: MessageEvent<CheckRequest>) => {
  self.postMessage(answer(event.data));
});
