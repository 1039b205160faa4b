import { backoff } from "../../core/backoff";
import { Refusal, Unreachable } from "../../core/errors";
import { newUuid } from "../../core/ids";
import { Cell } from "../../core/store";
import type { DashboardApi } from "../api";
import { applyOps } from "./apply";
import type { Dashboard, PageChange, PageOp } from "./types";

const RETRY_FIRST_MS = 300;
const RETRY_MOST_MS = 5_000;
/** Steps that can be taken back from this page. */
const MAX_STEPS = 50;
/** Edits that wait for the server. */
const MAX_WAITING = 200;

interface Waiting {
  id: string;
  ops: readonly PageOp[];
}

export interface Steps {
  readonly undo: number;
  readonly redo: number;
}

/**
 * The pages as this person sees them: the server's, with the edits still on their way on top. Edits are sent one after the
 * other; what others change comes in between and merges field by field.
 */
export class PagesDocument {
  readonly shown: Cell<Dashboard>;
  readonly steps = new Cell<Steps>({ undo: 0, redo: 0 });
  /** Edits that the server has not confirmed yet. */
  readonly waiting = new Cell(0);
  /** What the person has to know: a refusal, in words. */
  readonly notice = new Cell<string | null>(null);
  private base: Dashboard;
  private queue: Waiting[] = [];
  private sending = false;
  private undos: number[] = [];
  /** Ends when no edit waits any more. */
  private sent: Promise<void> = Promise.resolve();
  private stepping: Promise<void> = Promise.resolve();
  private redos: number[] = [];

  constructor(
    private readonly api: DashboardApi,
    first: Dashboard,
  ) {
    this.base = first;
    this.shown = new Cell(first);
  }

  /** Applies at once on this page, and is sent. */
  edit(ops: readonly PageOp[]): void {
    if (ops.length === 0) return;
    if (this.queue.length >= MAX_WAITING) {
      this.notice.set("Too many edits wait for the server; this one was not kept.");
      return;
    }
    this.queue.push({ id: newUuid(), ops });
    this.show();
    if (!this.sending) this.sent = this.send();
  }

  undo(): Promise<void> {
    return this.back(this.undos, this.redos);
  }

  redo(): Promise<void> {
    return this.back(this.redos, this.undos);
  }

  /** A change of somebody, or of this page by another way. False when one in between is missing: read everything anew. */
  receive(change: PageChange): boolean {
    if (change.rev <= this.base.rev) return true;
    if (change.prev_rev > this.base.rev) return false;
    this.base = { ...this.base, ...applyOps(this.base, change.ops), rev: change.rev };
    this.show();
    return true;
  }

  /** Reads everything anew: nodes may have other names, or be gone. */
  async reload(): Promise<void> {
    const fresh = await this.api.load();
    if (fresh.rev < this.base.rev) return;
    this.base = fresh;
    this.show();
  }

  private show(): void {
    this.waiting.set(this.queue.length);
    this.shown.set(this.queue.reduce((all, { ops }) => ({ ...all, ...applyOps(all, ops) }), this.base));
  }

  private async send(): Promise<void> {
    this.sending = true;
    try {
      for (let next = this.queue[0]; next; next = this.queue[0]) {
        await this.deliver(next);
        this.queue.shift();
        this.show();
      }
    } finally {
      this.sending = false;
    }
  }

  private async deliver({ id, ops }: Waiting): Promise<void> {
    try {
      const change = await persist(() => this.api.change(id, ops));
      this.remember(this.undos, change.rev);
      this.redos = [];
      await this.take(change);
    } catch (error) {
      this.notice.set(wordsOf(error));
      await this.reload().catch(() => undefined);
    }
    this.count();
  }

  /** One step after the other, and each after the edits that were made before it: they are what it takes back. */
  private back(from: number[], to: number[]): Promise<void> {
    this.stepping = this.stepping.then(() => this.sent).then(() => this.step(from, to));
    return this.stepping;
  }

  private async step(from: number[], to: number[]): Promise<void> {
    const rev = from.pop();
    if (rev === undefined) return;
    try {
      const change = await persist(() => this.api.undo(rev, newUuid()));
      this.remember(to, change.rev);
      await this.take(change);
    } catch (error) {
      this.notice.set(wordsOf(error));
    }
    this.count();
  }

  /** A change of ours; of those before it that have not come yet the reading has all. */
  private async take(change: PageChange): Promise<void> {
    if (!this.receive(change)) await this.reload();
    // What comes back may show nodes that nobody has told of here.
    const known = new Set(this.base.nodes.map(({ id }) => id));
    const asks = change.ops.some(
      (op) =>
        (op.op === "add_widget" && !known.has(op.node)) || (op.op === "add_page" && op.widgets !== undefined),
    );
    if (asks) await this.reload();
  }

  private remember(steps: number[], rev: number): void {
    steps.push(rev);
    if (steps.length > MAX_STEPS) steps.shift();
  }

  private count(): void {
    this.steps.set({ undo: this.undos.length, redo: this.redos.length });
  }
}

/** Tries until the server has said yes or no. */
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, backoff(tries, RETRY_FIRST_MS, RETRY_MOST_MS)));
    }
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return error instanceof Error ? error.message : "The change was not taken.";
}
