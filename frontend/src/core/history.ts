import type { HistoryState } from "./editorTypes";
import type { BatchEntry, Side } from "./pending";
import { Cell } from "./store";

/** How far back a person can go. */
const MAX_STEPS = 100;
/** Revisions are remembered for the steps and for entries on their way. */
const MAX_REVS = 1000;

/** One step of this person: a change on the server, or a batch that was taken back before it was sent. */
export interface Step {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** Only of a batch that never left: what to apply on redo. */
  readonly replay?: Pick<BatchEntry, "ops" | "pasted">;
}

export interface HistoryRecord {
  undo: Step[];
  redo: Step[];
  revs: [string, number][];
}

/**
 * The steps of this person that can be taken back, and those taken back. The server undoes a Change, so a
 * step is the id of one; its revision is known once the server has answered.
 */
export class History {
  readonly state = new Cell<HistoryState>({ undo: null, redo: null });
  private undoSteps: Step[] = [];
  private redoSteps: Step[] = [];
  private revs = new Map<string, number>();

  record(): HistoryRecord {
    return { undo: this.undoSteps, redo: this.redoSteps, revs: [...this.revs] };
  }

  restore(record: HistoryRecord): void {
    this.undoSteps = record.undo;
    this.redoSteps = record.redo;
    this.revs = new Map(record.revs);
    this.tell();
  }

  /** A new edit: what was taken back cannot come again. */
  edited(step: Step): void {
    this.redoSteps = [];
    this.push("undo", step);
  }

  push(side: Side, step: Step): void {
    const steps = side === "undo" ? this.undoSteps : this.redoSteps;
    steps.push(step);
    if (steps.length > MAX_STEPS) steps.shift();
    this.tell();
  }

  /** The newest gesture of that side, its last step first. */
  take(side: Side): Step[] {
    const steps = side === "undo" ? this.undoSteps : this.redoSteps;
    const group = steps.at(-1)?.group;
    const taken: Step[] = [];
    while (steps.length > 0 && steps.at(-1)?.group === group) taken.push(steps.pop() as Step);
    this.tell();
    return taken;
  }

  /** The step came to nothing: it was refused, or cannot be undone. */
  forget(id: string): void {
    this.undoSteps = this.undoSteps.filter((step) => step.id !== id);
    this.redoSteps = this.redoSteps.filter((step) => step.id !== id);
    this.tell();
  }

  /** The rest of what was refused in part goes on under another id. */
  renamed(id: string, next: string): void {
    const rename = (step: Step): Step => (step.id === id ? { ...step, id: next } : step);
    this.undoSteps = this.undoSteps.map(rename);
    this.redoSteps = this.redoSteps.map(rename);
  }

  setRev(id: string, rev: number): void {
    this.revs.set(id, rev);
    if (this.revs.size > MAX_REVS) this.revs.delete(this.revs.keys().next().value as string);
  }

  revOf(id: string): number | undefined {
    return this.revs.get(id);
  }

  private tell(): void {
    const next = {
      undo: this.undoSteps.at(-1)?.label ?? null,
      redo: this.redoSteps.at(-1)?.label ?? null,
    };
    const now = this.state.get();
    if (next.undo !== now.undo || next.redo !== now.redo) this.state.set(next);
  }
}

/** "Undo: move 3 nodes". */
export function stepName(deed: "Undo" | "Redo", label: string): string {
  return `${deed}: ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
}
