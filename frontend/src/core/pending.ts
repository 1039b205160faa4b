import type { Op } from "./types";

/** Edits that the server has not confirmed are kept, but not without end. */
export const MAX_PENDING = 500;
/** The server's limit for one batch. */
export const MAX_BATCH = 500;

interface EntryBase {
  /** The `client_op_id`: sending an entry twice has the effect of sending it once. */
  readonly id: string;
  readonly label: string;
  /** Entries of one gesture, undone together. */
  readonly group: string;
  /** waiting: to be sent. sending: on its way. accepted: the server said yes, its change is not here yet. */
  phase: "waiting" | "sending" | "accepted";
  /** Sent at least once: the server may have applied it, whatever we heard. */
  tried: boolean;
}

export interface BatchEntry extends EntryBase {
  readonly kind: "batch";
  ops: Op[];
  readonly merge?: string;
}

export interface UndoEntry extends EntryBase {
  readonly kind: "undo";
  /** The entry whose change is taken back. */
  readonly target: string;
  readonly force: boolean;
}

export type Entry = BatchEntry | UndoEntry;

/** Replaces what a later operation of the same gesture says again: the last letter typed wins. */
export function mergeOps(earlier: readonly Op[], later: readonly Op[]): Op[] {
  const said = new Set(later.map(subject));
  return [...earlier.filter((op) => !said.has(subject(op))), ...later];
}

/** What an operation writes to; operations of one subject replace each other. */
function subject(op: Op): string {
  if (op.op === "set_setting") return JSON.stringify([op.op, op.id, op.path]);
  if (op.op === "set_schema") return JSON.stringify([op.op, op.id, op.port, op.definition]);
  if (op.op === "set_node" || op.op === "set_group" || op.op === "set_note")
    return JSON.stringify([op.op, op.id, Object.keys(op.fields).sort()]);
  return JSON.stringify([op.op, op.id]);
}

export function splitOps(ops: readonly Op[]): Op[][] {
  const batches: Op[][] = [];
  for (let at = 0; at < ops.length; at += MAX_BATCH) batches.push(ops.slice(at, at + MAX_BATCH));
  return batches;
}
