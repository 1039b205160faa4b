import type { Resolved, Schema } from "../schema/types";

/** What could be written next: `insert` goes in the place of the text from `start` to `end`. */
export interface Offer {
  kind: "field" | "function" | "constant" | "operator";
  label: string;
  insert: string;
  start: number;
  end: number;
  /** A type, or a function's signature. */
  detail: string;
  doc: string;
}

/** Where expressions in a form take their values from. */
export interface Expressions {
  /** The message's schema; without properties anything may be in it. */
  source: Resolved;
  root: Schema;
  /** What stands before the list of fields, e.g. the source's port. */
  from: string;
  /** What fits at `cursor` of a field's text, best first; without it, the source's fields are offered. May reject. */
  complete?: ((text: string, cursor: number) => Promise<readonly Offer[]>) | undefined;
}
