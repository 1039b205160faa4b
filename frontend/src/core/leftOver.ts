import type { Refusal } from "./errors";
import type { Op } from "./types";

export interface LeftOver {
  /** What can be done all the same. */
  readonly ops: Op[];
  /** What cannot, but for deletions of what is gone already: these are as they were meant. */
  readonly lost: Op[];
}

const GONE = /^(?:(?:node|edge|group|note)_deleted|unknown_(?:node|edge|group|note))$/;
/** Refused by itself: nothing else of the batch depends on it. */
const ALONE = new Set(["list_changed", "edge_exists"]);
/** These change several flows at once: half of them would be something else. */
const WHOLE = new Set<Op["op"]>(["share_node", "unshare_node", "move_node", "move_group"]);

/**
 * What is left of a batch of which one operation met what others did: a refusal takes the whole batch back, and whoever
 * moved ten nodes of which one is gone has moved nine. Null when the refusal is about something else.
 */
export function leftOver(ops: readonly Op[], { code, details }: Refusal): LeftOver | null {
  if (ops.some(({ op }) => WHOLE.has(op))) return null;
  const { thing, op: index } = details;
  const kept = ALONE.has(code)
    ? withoutOne(ops, index)
    : GONE.test(code) && thing !== undefined
      ? withoutThing(ops, thing)
      : null;
  if (kept === null || kept.same) return null;
  const { left, dropped } = kept;
  return { ops: left, lost: dropped.filter(({ op }) => !op.startsWith("delete_")) };
}

interface Kept {
  left: Op[];
  dropped: Op[];
  same: boolean;
}

function withoutOne(ops: readonly Op[], index: number | undefined): Kept | null {
  const refused = index === undefined ? undefined : ops[index];
  if (!refused) return null;
  // A wire that was not drawn is not mapped either.
  const goes = (op: Op): boolean => op === refused || (refused.op === "add_edge" && op.id === refused.id);
  return { left: ops.filter((op) => !goes(op)), dropped: ops.filter(goes), same: false };
}

function withoutThing(ops: readonly Op[], thing: string): Kept {
  const gone = new Set([thing]);
  const left: Op[] = [];
  const dropped: Op[] = [];
  let same = true;
  for (const op of ops) {
    const kept = withoutThose(op, gone);
    if (kept !== op) same = false;
    if (kept) {
      left.push(kept);
      continue;
    }
    dropped.push(op);
    gone.add(op.id);
  }
  return { left, dropped, same };
}

/** The operation as it can be done without what is gone; null when nothing of it can. */
function withoutThose(op: Op, gone: ReadonlySet<string>): Op | null {
  if (op.op === "add_node" || op.op === "add_note") {
    return isIn(op.group, gone) ? { ...op, group: null } : op;
  }
  if (op.op === "add_edge") return gone.has(op.source) || gone.has(op.target) ? null : op;
  if (op.op === "add_group") return op;
  if (gone.has(op.id)) return null;
  if ((op.op === "set_node" || op.op === "set_note") && isIn(op.fields.group, gone)) {
    const { group: _, ...fields } = op.fields;
    return Object.keys(fields).length > 0 ? ({ ...op, fields } as Op) : null;
  }
  return op;
}

function isIn(group: string | null | undefined, gone: ReadonlySet<string>): boolean {
  return typeof group === "string" && gone.has(group);
}
