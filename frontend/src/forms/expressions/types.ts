import type { Resolved, Schema } from "../schema/types";

/** Where expressions in a form take their values from. */
export interface Expressions {
  /** The message's schema; without properties anything may be in it. */
  source: Resolved;
  root: Schema;
  /** What stands before the list of fields, e.g. the source's port. */
  from: string;
}
