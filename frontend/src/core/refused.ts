import type { Catalogue, Op, Problem } from "./types";
import type { Notice, NoticeKind } from "./editorTypes";
import type { Refusal } from "./errors";
import type { Graph } from "./graph";
import { stepName, type History } from "./history";
import { pasteRefusal } from "./pasteRefusal";
import type { BatchEntry, Entry, UndoEntry, UndoWay } from "./pending";
import type { Sync } from "./sync";

export interface RefusedParts {
  readonly sync: Sync;
  readonly steps: History;
  graph(): Graph;
  catalogue(): Catalogue;
  notify(problem: Problem, kind?: NoticeKind, action?: Notice["action"]): void;
  /** Asks for an undo once more, in another way. */
  undoAgain(entry: UndoEntry, way: UndoWay): void;
  /** Takes the change back that made something go, and does `then` to what is there again. */
  bringBack(change: number, then: Op[]): void;
}

/** What the person is told when the server says no, and what they can do about it. */
export class Refusals {
  constructor(private readonly parts: RefusedParts) {}

  /** `rest` goes on under its own id, `lost` does not; without them all of the entry is refused. */
  take(entry: Entry, refusal: Refusal, rest?: BatchEntry, lost?: Op[]): void {
    const { steps } = this.parts;
    if (rest) steps.renamed(entry.id, rest.id);
    else steps.forget(entry.id);
    if (entry.kind === "undo") this.undo(entry, refusal);
    else if (entry.pasted) this.paste(entry, refusal);
    // Only deletions of what was gone: it is as this person wanted it.
    else if (lost?.length !== 0) this.batch(entry, refusal, rest !== undefined, lost ?? entry.ops);
  }

  private batch(entry: BatchEntry, { code, message, details }: Refusal, partly: boolean, lost: Op[]): void {
    const { parts } = this;
    const said = `${entry.label}: ${message}${partly ? " Everything else was done." : ""}`;
    const problem: Problem = { code, message: said };
    const op = entry.ops[details.op ?? 0];
    const graph = parts.graph();
    if (op && graph.nodes.has(op.id)) problem.node = op.id;
    if (op && graph.edges.has(op.id)) problem.edge = op.id;
    if (details.field !== undefined) problem.field = details.field;
    const { change } = details;
    const back = change !== undefined && code.endsWith("_deleted");
    parts.notify(
      problem,
      "error",
      back ? { label: "Bring it back", run: () => parts.bringBack(change, lost) } : undefined,
    );
  }

  /** What was to follow of the same paste would only be refused for want of what goes before. */
  private paste(entry: BatchEntry, refusal: Refusal): void {
    const { sync, steps, catalogue, notify } = this.parts;
    for (const other of [...sync.pending()]) {
      if (other.group === entry.group && sync.withdraw(other.id)) steps.forget(other.id);
    }
    const came = steps.record().undo.some(({ group }) => group === entry.group);
    notify({ code: refusal.code, message: pasteRefusal(entry, refusal, catalogue(), came) });
  }

  /** Somebody else's work stands in the way: says whose, and offers what can be done without losing it, if anything. */
  private undo(entry: UndoEntry, { code, message, details }: Refusal): void {
    const { label, side } = entry;
    const deed = side === "redo" ? "Undo" : "Redo";
    const ways = entry.way === "whole" ? (details.ways ?? []) : [];
    const way = ways.includes("rest") ? "rest" : ways.includes("force") ? "force" : null;
    const action = way && {
      label: way === "rest" ? `${deed} the rest` : `${deed} anyway`,
      run: () => this.parts.undoAgain(entry, way),
    };
    this.parts.notify(
      { code, message: `${stepName(deed, label)}: ${message}` },
      "warning",
      action ?? undefined,
    );
  }
}
