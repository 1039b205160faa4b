/** For tests: verdicts as they are told. */

import type { Verdict } from "../core/types";
import { Checks } from "./checks";

/** Checks of a flow of which nothing is said. */
export function noChecks(): Checks {
  return new Checks(() => Promise.resolve({ rev: 1, token: "t", full: true, edges: {} }));
}

/** A server that remembers no runs. */
export const noRuns = {
  runs: () => Promise.resolve({ runs: [], silent: [] }),
  run: () => Promise.reject(new Error("No host remembers this run any more.")),
  stack: () => Promise.reject(new Error("No host keeps a stack of this node.")),
};

/** Checks that say this of the wires, once `refresh` was called and its answer has come. */
export function checksSaying(edges: Record<string, Verdict>): Checks {
  return new Checks(() => Promise.resolve({ rev: 1, token: "t", full: true, edges }));
}
