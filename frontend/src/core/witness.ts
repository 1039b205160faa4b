/** The seam for whoever compares what this person writes with what others write. */

import type { Graph } from "./graph";
import type { Entry } from "./pending";
import type { Change, Op } from "./types";

export interface Confirmed {
  readonly change: Change;
  /** The entry of this page that became the change; undefined: it is somebody else's, or another page's. */
  readonly own: Entry | undefined;
  readonly before: Graph;
  readonly after: Graph;
  /** What this page has done since and the server has not confirmed yet: it will be the later. */
  readonly waiting: readonly Entry[];
}

export interface Witness {
  /** This person does something: it is shown, and on its way. */
  wrote(ops: readonly Op[]): void;
  /** A change has its place among the others, in their order and without a gap. */
  confirmed(what: Confirmed): void;
}
