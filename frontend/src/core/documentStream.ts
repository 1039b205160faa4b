import type { ContentsAnswer } from "./contents";
import { withContents, type Graph } from "./graph";
import { applyOps, fitsDocument } from "./operations";
import type { Change } from "./types";

/** Changes that came before the one they build on; more than this and a reload is the shorter way. */
const MAX_EARLY = 1000;

interface StreamEvents {
  /** The confirmed graph moved on from `before`; `touched` are the ids that changed. */
  applied(change: Change, touched: ReadonlySet<string>, before: Graph): void;
  /** Changes after `rev` are missing: fetch them. */
  gap(rev: number): void;
  /** What the server says does not fit what is here: load the flow again. */
  broken(): void;
}

/**
 * The confirmed document. Each change names the revision it follows, so that a lost, doubled or early
 * message is noticed: changes are applied strictly in their order, whichever way they came in.
 */
export class DocumentStream {
  /** Keyed by the revision they wait for. */
  private readonly early = new Map<number, Change>();

  constructor(
    private confirmed: { graph: Graph; rev: number },
    private readonly events: StreamEvents,
  ) {}

  get graph(): Graph {
    return this.confirmed.graph;
  }

  get rev(): number {
    return this.confirmed.rev;
  }

  /** Whether a change is here that builds on one that is not. */
  get waiting(): boolean {
    return this.early.size > 0;
  }

  reset(graph: Graph, rev: number): void {
    this.confirmed = { graph, rev };
    for (const [waitsFor, change] of this.early) if (change.rev <= rev) this.early.delete(waitsFor);
    this.drain();
  }

  /** Puts in contents that were read; answers false for a revision that has not come here yet. */
  install(answer: ContentsAnswer): boolean {
    if (answer.rev > this.rev) return false;
    this.confirmed = { graph: withContents(this.graph, answer), rev: this.rev };
    return true;
  }

  /** The server says that it is at `rev`. */
  expect(rev: number): void {
    if (rev > this.rev) this.events.gap(this.rev);
    else if (rev < this.rev) this.events.broken();
  }

  offer(change: Change): void {
    if (change.rev <= this.rev) return;
    if (change.prev_rev < this.rev) {
      this.events.broken();
      return;
    }
    this.early.set(change.prev_rev, change);
    if (this.drain()) return;
    if (this.early.size > MAX_EARLY) {
      this.early.clear();
      this.events.broken();
    } else {
      this.events.gap(this.rev);
    }
  }

  /** Applies what is in order; true when nothing is left waiting. */
  private drain(): boolean {
    for (;;) {
      const change = this.early.get(this.rev);
      if (!change) return this.early.size === 0;
      this.early.delete(this.rev);
      const outcome = applyOps(this.graph, change.ops, change.rev);
      if (!fitsDocument(outcome)) {
        this.early.clear();
        this.events.broken();
        return true;
      }
      const before = this.graph;
      this.confirmed = { graph: outcome.graph, rev: change.rev };
      this.events.applied(change, outcome.touched, before);
    }
  }
}
