import type { Editor } from "../core/editor";
import type { Graph } from "../core/graph";
import { applyOps } from "../core/operations";
import type { Entry } from "../core/pending";
import type { Change, Json, Op } from "../core/types";
import type { Confirmed, Witness } from "../core/witness";
import { equal } from "../forms/schema/pointer";
import { cellsOf, keyOf, overlap, restoring, UNKNOWN, valueOf, type Cell } from "./cells";
import { answers, met, type Answers, type Met } from "./store";
import { thing, wordsOf } from "./words";

/** What was written longer ago is not defended: whoever changes it then has seen it. */
const RECENT_MS = 5 * 60_000;
/** Of this person's own writing; the oldest give way. */
const MOST_MINE = 400;
/** Of what is told and not answered. */
const MOST_TOLD = 50;

interface Mine {
  readonly cell: Cell;
  readonly value: Json | undefined;
  readonly at: number;
}

type Host = Pick<Editor, "apply" | "bringBack" | "graph" | "catalogue">;

/**
 * Remembers what this person wrote lately, and notices when somebody writes over it: the later one wins, and the earlier
 * is told and can take it back. What this person's own undo takes back is not theirs any more; what waits here to be
 * sent will be the later.
 */
export class Overwrites implements Witness, Answers {
  private readonly mine = new Map<string, Mine>();
  /** What this person made or worked on, with when. */
  private readonly things = new Map<string, number>();

  constructor(
    private readonly editor: Host,
    private readonly me: string,
    private readonly now: () => number = Date.now,
  ) {
    answers.set(this);
  }

  wrote(ops: readonly Op[]): void {
    // Who writes anew has decided.
    const keys = keysIn(ops, this.editor.graph);
    const ids = new Set(ops.map(({ id }) => id));
    this.drop(
      (one) => keys.some((key) => overlap(key, one.key)) || (one.kind === "deleted" && ids.has(one.key)),
    );
  }

  confirmed(what: Confirmed): void {
    const { change, own } = what;
    if (own || change.by?.name === this.me) this.remember(what);
    else this.compare(what);
    this.dropLost(what.after);
  }

  takeBack(keys: readonly string[]): void {
    const { editor } = this;
    const chosen = this.drop(({ key }) => keys.includes(key));
    const ops: Op[] = [];
    // One after the other: several fields of one mapping go back, and it travels whole.
    let { graph } = editor;
    for (const one of chosen) {
      const mine = one.kind === "changed" ? this.mine.get(one.key) : undefined;
      const op = mine && restoring(graph, mine.cell, mine.value);
      if (!op) continue;
      ops.push(op);
      ({ graph } = applyOps(graph, [op]));
    }
    const label =
      chosen.length === 1 ? `Take back ${lower(chosen[0]?.what ?? "")}` : "Take back what was changed";
    editor.apply(ops, { label });
    for (const change of new Set(chosen.flatMap((one) => (one.kind === "deleted" ? [one.change] : []))))
      editor.bringBack(change);
  }

  keepTheirs(keys: readonly string[]): void {
    for (const one of this.drop(({ key }) => keys.includes(key))) {
      this.mine.delete(one.key);
      this.things.delete(one.key);
    }
  }

  private remember({ change, own, before, after }: Confirmed): void {
    const isBack = own?.kind === "undo" ? own.side === "redo" : own === undefined;
    const at = this.now();
    for (const op of change.ops) {
      if (isBack || op.op.startsWith("delete_")) this.things.delete(op.id);
      else put(this.things, op.id, at);
      for (const cell of cellsOf(op, before, after)) {
        const key = keyOf(cell);
        this.forget(key);
        const value = valueOf(after, cell);
        if (!isBack && value !== UNKNOWN) put(this.mine, key, { cell, value, at });
      }
    }
  }

  private compare({ change, before, after, waiting }: Confirmed): void {
    const since = this.now() - RECENT_MS;
    const ids = new Set(change.ops.map(({ id }) => id));
    const told = new Map(met.get());
    for (const [key, { cell, value, at }] of this.mine) {
      if (!ids.has(cell.id)) continue;
      const theirs = valueOf(after, cell);
      if (theirs === UNKNOWN) continue;
      if (equal(theirs, value)) told.delete(key);
      else if (at >= since && !same(theirs, valueOf(before, cell)) && !this.waits(key, waiting, after)) {
        const what = wordsOf(cell, after, this.editor.catalogue.get());
        told.delete(key);
        told.set(key, {
          kind: "changed",
          key,
          what,
          by: by(change),
          mine: value,
          theirs,
          ...placeOf(cell.id, after),
        });
      }
    }
    for (const op of change.ops) if (op.op.startsWith("add_")) told.delete(op.id);
    for (const id of deletedBy(change, before)) {
      if ((this.things.get(id) ?? 0) < since) continue;
      told.set(id, {
        kind: "deleted",
        key: id,
        what: deletedWords(id, before),
        by: by(change),
        change: change.rev,
      });
    }
    publish(told);
  }

  /** Whether this person has written there again, and is therefore the later. */
  private waits(key: string, waiting: readonly Entry[], graph: Graph): boolean {
    return waiting.some(
      (entry) => entry.kind === "batch" && keysIn(entry.ops, graph).some((other) => overlap(other, key)),
    );
  }

  private forget(key: string): void {
    for (const other of [...this.mine.keys()]) if (overlap(other, key)) this.mine.delete(other);
  }

  /** A field of what is gone cannot have a value again. */
  private dropLost(after: Graph): void {
    if (met.get().size === 0) return;
    this.drop((one) => {
      const mine = this.mine.get(one.key);
      return one.kind === "changed" && (!mine || valueOf(after, mine.cell) === UNKNOWN);
    });
  }

  private drop(goes: (one: Met) => boolean): Met[] {
    const all = [...met.get().values()];
    const gone = all.filter(goes);
    if (gone.length > 0)
      publish(new Map(all.filter((one) => !gone.includes(one)).map((one) => [one.key, one])));
    return gone;
  }
}

function publish(told: ReadonlyMap<string, Met>): void {
  const now = met.get();
  if (told.size === 0 && now.size === 0) return;
  met.set(new Map([...told].slice(-MOST_TOLD)));
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_MINE) map.delete(map.keys().next().value as string);
}

function by(change: Change): string {
  return change.by?.name ?? "Somebody";
}

function same(one: Json | undefined, other: Json | undefined | typeof UNKNOWN): boolean {
  return other !== UNKNOWN && equal(one, other);
}

function placeOf(id: string, graph: Graph): { node?: string; edge?: string } {
  if (graph.nodes.has(id)) return { node: id };
  return graph.edges.has(id) ? { edge: id } : {};
}

/** What a change deleted by itself: the wires of a node go along. */
function deletedBy({ ops }: Change, before: Graph): string[] {
  const nodes = new Set(ops.filter(({ op }) => op === "delete_node").map(({ id }) => id));
  return ops.flatMap(({ op, id }) => {
    if (!op.startsWith("delete_")) return [];
    const edge = before.edges.get(id);
    return edge && (nodes.has(edge.source) || nodes.has(edge.target)) ? [] : [id];
  });
}

function deletedWords(id: string, graph: Graph): string {
  return graph.edges.has(id) ? `the wire ${thing(id, graph)}` : thing(id, graph);
}

function keysIn(ops: readonly Op[], graph: Graph): string[] {
  const after = applyOps(graph, ops).graph;
  return ops.flatMap((op) => cellsOf(op, graph, after).map(keyOf));
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
