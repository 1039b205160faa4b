/** The validator worker: off the page's thread, and interpreting, because the Content-Security-Policy forbids compiled checks. */

import { check } from "./check";
import type { CheckReply, CheckRequest } from "./protocol";

function answer({ id, schema, value }: CheckRequest): CheckReply {
  try {
    return { id, errors: check(schema, value) };
  } catch {
    return { id, errors: null };
  }
}

self.addEventListener("message", (event: MessageEvent<CheckRequest>) => {
  self.postMessage(answer(event.data));
});
