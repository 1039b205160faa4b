import type { Op } from "./types";

/** Edits that the server has not confirmed are kept, but not without end. */
export const MAX_PENDING = 500;
/** The server's limits for one batch; of bytes it takes 2 MiB, and the rest of the request wants its place too. */
export const MAX_BATCH = 500;
export const MAX_BATCH_BYTES = 1_900_000;

interface EntryBase {
  /** The `client_op_id`: sending an entry twice has the effect of sending it once. */
  readonly id: string;
  readonly label: string;
  /** Entries of one gesture, undone together. */
  readonly group: string;
  /** waiting: to be sent. sending: on its way. accepted: the server said yes, its change is not here yet. */
  phase: "waiting" | "sending" | "accepted";
  /** When it was begun, unix ms. */
  readonly at: number;
  /** Sent at least once: the server may have applied it, whatever we heard. */
  tried: boolean;
}

export interface BatchEntry extends EntryBase {
  readonly kind: "batch";
  ops: Op[];
  readonly merge?: string;
  /** It brings in what stood elsewhere. */
  readonly pasted?: boolean;
}

export interface UndoEntry extends EntryBase {
  readonly kind: "undo";
  /** The entry whose change is taken back. */
  readonly target: string;
  /** All of it or nothing; without what others changed since; or over what others did since. */
  readonly way: UndoWay;
  /** On which side of the history its own counterpart stands: an undo is taken back by a redo. */
  readonly side: Side;
}

export type UndoWay = "whole" | "rest" | "force";
export type Side = "undo" | "redo";
export type Entry = BatchEntry | UndoEntry;

/** What is done within one frame travels together; milliseconds. */
const FRAME_MS = 16;
/** More than this is not put together: it would be a batch of its own anyway. */
const MAX_JOINED = 100;

/** Whether these operations can travel with an entry that still waits: of the same gesture, or done in the same frame. */
export function joins(
  entry: BatchEntry,
  ops: readonly Op[],
  { merge, pasted }: Pick<BatchEntry, "merge" | "pasted">,
  now: number,
): boolean {
  if (merge !== undefined && entry.merge === merge) return true;
  if (now - entry.at >= FRAME_MS || pasted || entry.pasted) return false;
  return entry.ops.length + ops.length <= MAX_JOINED && splitOps([...entry.ops, ...ops]).length === 1;
}

/** One after the other, but for fields that are set twice: the first value would not be seen by anybody. */
export function joinOps(earlier: readonly Op[], later: readonly Op[]): Op[] {
  const sets = [...earlier, ...later].every(({ op }) => op.startsWith("set_"));
  return sets ? mergeOps(earlier, later) : [...earlier, ...later];
}

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

/** As few batches as the server's limits allow. */
export function splitOps(ops: readonly Op[]): Op[][] {
  const batches: Op[][] = [];
  let batch: Op[] = [];
  let bytes = 0;
  for (const op of ops) {
    const size = sizeOf(op);
    if (batch.length === 0 || batch.length === MAX_BATCH || bytes + size > MAX_BATCH_BYTES) {
      batches.push((batch = []));
      bytes = 0;
    }
    batch.push(op);
    bytes += size;
  }
  return batches;
}

const encoder = new TextEncoder();

function sizeOf(op: Op): number {
  return encoder.encode(JSON.stringify(op)).length;
}
