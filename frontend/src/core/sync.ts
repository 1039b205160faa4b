import type { FlowApi } from "./api";
import { Arrivals } from "./arrivals";
import type { ContentsAnswer } from "./contents";
import { DocumentStream } from "./documentStream";
import type { ApplyOptions, QueueState } from "./editorTypes";
import { Refusal } from "./errors";
import { differences, EMPTY_GRAPH, graphOf, withKnown, type Graph } from "./graph";
import { newUuid } from "./ids";
import { leftOver } from "./leftOver";
import { applyOps } from "./operations";
import {
  joinOps,
  joins,
  MAX_PENDING,
  splitOps,
  type BatchEntry,
  type Entry,
  type UndoEntry,
} from "./pending";
import { backoff } from "./backoff";
import { Reader } from "./reader";
import { Cell } from "./store";
import type { Applied, Change, FlowDocument, Op } from "./types";
import type { Confirmed } from "./witness";

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;
/** A pause this long ends a gesture: what comes after it is a step of its own. */
const GESTURE_MS = 1_500;

export interface SyncEvents {
  /** The local graph is another one; `touched` are the ids that may differ. */
  changed(touched: ReadonlySet<string>): void;
  /** The entries on their way are others: the place to keep them over a reload. */
  queued(): void;
  accepted(entry: Entry, answer: { rev: number; undoable?: boolean }): void;
  /** `rest` is what of it goes on, under an id of its own; `lost` what does not. */
  refused(entry: Entry, refusal: Refusal, rest?: BatchEntry, lost?: Op[]): void;
  /** A change has its place among the others. */
  confirmed(what: Confirmed): void;
  /** The whole flow was read again. */
  loaded(document: FlowDocument): void;
  /** The revision of the change that an undo takes back; undefined when it never came to be. */
  revOf(id: string): number | undefined;
}

/**
 * The local graph = the confirmed graph + the entries on their way, sent one at a time and in order.
 *
 * A change from the server moves the confirmed graph on and the entries are applied again on top of it; a
 * refused entry is taken out and the rest applied without it. Every entry carries its id, so it can be sent
 * again after a lost answer, a reload of the page or hours offline.
 */
export class Sync {
  readonly state = new Cell<QueueState>({ pending: 0, stalled: false, signedOut: false });
  private local: Graph = EMPTY_GRAPH;
  private readonly stream: DocumentStream;
  private entries: Entry[] = [];
  private stalled = false;
  private signedOut = false;
  private sending = false;
  private attempt = 0;
  private gesture: { merge: string | undefined; group: string; at: number } = {
    merge: undefined,
    group: "",
    at: 0,
  };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private readonly arrivals = new Arrivals();
  private readonly reader = new Reader(
    () => this.fill(),
    () => this.load(),
    () => this.setStalled(true),
  );
  private loaded = false;

  constructor(
    private readonly api: FlowApi,
    private readonly events: SyncEvents,
  ) {
    this.stream = new DocumentStream(
      { graph: EMPTY_GRAPH, rev: 0 },
      {
        applied: (change, touched, before) => this.confirmed(change, touched, before),
        gap: () => this.reader.want("changes"),
        broken: () => this.reader.want("flow"),
      },
    );
  }

  get graph(): Graph {
    return this.local;
  }

  get rev(): number {
    return this.stream.rev;
  }

  pending(): readonly Entry[] {
    return this.entries;
  }

  async load(): Promise<void> {
    const document = await this.api.load();
    const rev = document.flow.rev;
    const before = this.local;
    this.entries = this.entries.filter((entry) => {
      return entry.phase !== "accepted" || (this.events.revOf(entry.id) ?? 0) > rev;
    });
    this.loaded = true;
    this.stream.reset(withKnown(graphOf(document), this.stream.graph), rev);
    this.derive();
    this.setStalled(false);
    this.events.loaded(document);
    this.events.changed(differences(before, this.local));
    this.told();
    this.arrivals.reached(this.rev);
    this.pump();
  }

  /** Puts in contents that were read, once all changes that they may have in them are here. */
  async install(answer: ContentsAnswer): Promise<void> {
    while (!this.stream.install(answer)) {
      const arrival = this.arrivals.wait(answer.rev);
      this.stream.expect(answer.rev);
      await arrival;
    }
    const again = this.derive();
    for (const id of [...Object.keys(answer.nodes), ...Object.keys(answer.edges)]) again.add(id);
    this.events.changed(again);
  }

  /** Entries kept from before a reload of the page; whether they were sent is not known. */
  restore(entries: Entry[]): void {
    this.entries = entries.map((entry) => ({ ...entry, phase: "waiting", tried: true }));
    this.told();
  }

  /** A change from the server's stream. */
  receive(change: Change): void {
    if (!this.loaded) return;
    this.stream.offer(change);
    // It may confirm the very edit whose answer was lost: then nothing is left to send that would show the
    // server to be back.
    if (this.stalled && !this.signedOut) {
      this.setStalled(false);
      this.retryNow();
    }
  }

  /** The server's revision, said on (re)connection; whatever waits is sent now. */
  expect(rev: number): void {
    if (!this.loaded) return;
    this.stream.expect(rev);
    this.retryNow();
  }

  /**
   * Queues operations and shows them at once. Answers the entries this made (none when the operations went
   * into an entry that still waits), or null when too many wait already.
   */
  push(ops: Op[], { label, merge, pasted }: ApplyOptions): BatchEntry[] | null {
    const last = this.entries.at(-1);
    const group = this.gestureOf(merge);
    const at = Date.now();
    if (last?.kind === "batch" && isFresh(last) && joins(last, ops, { merge, pasted }, at)) {
      last.ops = joinOps(last.ops, ops);
      this.show(ops);
      return [];
    }
    const batches = splitOps(ops);
    if (this.entries.length + batches.length > MAX_PENDING) return null;
    const added = batches.map((part): BatchEntry => {
      const sent = { phase: "waiting", tried: false } as const;
      return { kind: "batch", id: newUuid(), group, label, merge, pasted, at, ops: part, ...sent };
    });
    this.entries.push(...added);
    this.show(ops);
    return added;
  }

  pushUndo(asked: Pick<UndoEntry, "target" | "label" | "group" | "way" | "side">): UndoEntry {
    const sent = { at: Date.now(), phase: "waiting", tried: false } as const;
    const entry: UndoEntry = { kind: "undo", id: newUuid(), ...asked, ...sent };
    this.entries.push(entry);
    this.told();
    this.pump();
    return entry;
  }

  /** Takes out a batch that was never sent; null when it is too late for that. */
  withdraw(id: string): BatchEntry | null {
    const entry = this.entries.find((candidate) => candidate.id === id);
    if (entry?.kind !== "batch" || !isFresh(entry)) return null;
    this.remove(entry);
    return entry;
  }

  retryNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.attempt = 0;
    this.reader.retryNow();
    this.pump();
  }

  close(): void {
    clearTimeout(this.timer);
    clearTimeout(this.soon);
    this.reader.close();
    this.loaded = false;
  }

  /** The group of what a person does now: with the same key, shortly after, it is the same gesture. */
  private gestureOf(merge: string | undefined): string {
    const now = Date.now();
    const goesOn = merge !== undefined && merge === this.gesture.merge && now - this.gesture.at < GESTURE_MS;
    const group = goesOn ? this.gesture.group : newUuid();
    this.gesture = { merge, group, at: now };
    return group;
  }

  private show(ops: Op[]): void {
    const outcome = applyOps(this.local, ops);
    this.local = outcome.graph;
    this.told();
    this.events.changed(outcome.touched);
    // Not before the caller is done: what comes in the same turn travels along.
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.pump();
    });
  }

  /** Applies the entries again on top of the confirmed graph; answers the ids they touch. */
  private derive(): Set<string> {
    const touched = new Set<string>();
    let graph = this.stream.graph;
    for (const entry of this.entries) {
      if (entry.kind !== "batch") continue;
      const outcome = applyOps(graph, entry.ops);
      graph = outcome.graph;
      for (const id of outcome.touched) touched.add(id);
    }
    this.local = graph;
    return touched;
  }

  private confirmed(change: Change, touched: ReadonlySet<string>, before: Graph): void {
    const mine = this.entries.find((entry) => entry.id === change.client_op_id);
    if (mine) {
      this.entries = this.entries.filter((entry) => entry !== mine);
      this.events.accepted(mine, change);
    }
    const { graph: after } = this.stream;
    this.events.confirmed({ change, own: mine, before, after, waiting: this.entries });
    const again = this.derive();
    for (const id of touched) again.add(id);
    this.told();
    this.events.changed(again);
    this.arrivals.reached(this.rev);
  }

  /** Takes an entry out; what is left of it stands in its place. */
  private remove(entry: Entry, rest: Entry[] = []): void {
    const before = this.local;
    this.entries = this.entries.flatMap((other) => (other === entry ? rest : [other]));
    this.derive();
    this.told();
    this.events.changed(differences(before, this.local));
  }

  private pump(): void {
    if (this.sending || this.timer !== undefined || !this.loaded) return;
    const entry = this.entries.find((candidate) => candidate.phase === "waiting");
    if (!entry) return;
    this.sending = true;
    entry.phase = "sending";
    entry.tried = true;
    void this.send(entry)
      .then(
        (answer) => this.answered(entry, answer),
        (error: unknown) => this.failed(entry, error),
      )
      .finally(() => {
        this.sending = false;
        this.pump();
      });
  }

  private async send(entry: Entry): Promise<Applied | null> {
    if (entry.kind === "batch") {
      const { id, ops, pasted } = entry;
      return this.api.change({ base_rev: this.rev, client_op_id: id, ops, ...(pasted ? { pasted } : {}) });
    }
    const change = this.events.revOf(entry.target);
    if (change === undefined) return null;
    return this.api.undo({
      change,
      client_op_id: entry.id,
      ...(entry.way === "whole" ? {} : { [entry.way]: true }),
    });
  }

  private answered(entry: Entry, answer: Applied | null): void {
    this.setStalled(false);
    this.attempt = 0;
    if (!answer) {
      this.remove(entry);
      return;
    }
    entry.phase = "accepted";
    this.events.accepted(entry, answer);
    if (answer.rev <= this.rev && this.entries.includes(entry)) this.remove(entry);
    else this.stream.offer({ ...answer, client_op_id: entry.id });
    this.told();
  }

  private failed(entry: Entry, error: unknown): void {
    if (error instanceof Refusal && error.status !== 401) {
      this.setStalled(false);
      const left = entry.kind === "batch" && !entry.pasted ? leftOver(entry.ops, error) : null;
      const rest =
        entry.kind === "batch" && left && left.ops.length > 0
          ? ({ ...entry, id: newUuid(), ops: left.ops, phase: "waiting", tried: false } as const)
          : undefined;
      this.remove(entry, rest ? [rest] : []);
      this.events.refused(entry, error, rest, left?.lost);
      return;
    }
    // Not answered, or signed out: the edit is kept and the same id is sent again.
    entry.phase = "waiting";
    this.signedOut = error instanceof Refusal;
    this.setStalled(true);
    const wait = backoff(this.attempt++, RETRY_FIRST_MS, RETRY_MOST_MS);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, wait);
  }

  private async fill(): Promise<void> {
    const before = this.rev;
    try {
      for (const change of await this.api.changes(before)) this.stream.offer(change);
      this.setStalled(false);
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 410)) throw error;
      this.reader.want("flow");
      return;
    }
    // The log has nothing that leads on to what came early: only the whole flow can say what is true.
    if (this.stream.waiting) this.reader.want(this.rev > before ? "changes" : "flow");
  }

  private setStalled(stalled: boolean): void {
    this.stalled = stalled;
    if (!stalled) this.signedOut = false;
    this.told();
  }

  private told(): void {
    const pending = this.entries.length;
    const now = this.state.get();
    const { stalled, signedOut } = this;
    if (now.pending !== pending || now.stalled !== stalled || now.signedOut !== signedOut) {
      this.state.set({ pending, stalled, signedOut });
    }
    this.events.queued();
  }
}

function isFresh(entry: Entry): boolean {
  return entry.phase === "waiting" && !entry.tried;
}
