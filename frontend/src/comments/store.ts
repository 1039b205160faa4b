import { Refusal } from "../core/errors";
import { newUuid } from "../core/ids";
import { Cell } from "../core/store";
import { commentHints, type CommentHints, type CommentPlace } from "../live/commentHints";
import { commentApi, type CommentApi } from "./commentApi";
import type { Thread, ThreadHead } from "./types";

export interface Listed {
  /** Who wrote last comes first. */
  readonly threads: readonly ThreadHead[];
  readonly loaded: boolean;
  /** Why the list is not up to date; empty when it is. */
  readonly failure: string;
}

/** A thread that is open on this page: undefined while it is read, null when it is gone. */
export interface Opened {
  readonly id: string;
  readonly thread: Thread | null | undefined;
  readonly failure: string;
}

/**
 * The comments of one flow, as this page knows them. Told of a newer revision it asks for what changed since its own: a hint that
 * was missed is made good by the next one, or by the revision that each connection begins with.
 */
export class Comments {
  readonly listed = new Cell<Listed>({ threads: [], loaded: false, failure: "" });
  readonly opened = new Cell<Opened | null>(null);
  private readonly heads = new Map<string, ThreadHead>();
  private rev = 0;
  private wanted = 0;
  private reading: Promise<void> | null = null;

  constructor(
    readonly api: CommentApi,
    private readonly hints: CommentHints,
  ) {}

  /** Reads what is newer, if there is something. Never rejects: see `failure`. */
  async upTo(rev: number): Promise<void> {
    this.wanted = Math.max(this.wanted, rev);
    if (this.wanted > this.rev || !this.listed.get().loaded) await this.load();
  }

  /** Reads what is newer; several who ask at once share one request, and what was told of meanwhile is asked for after it. */
  load(): Promise<void> {
    this.reading ??= this.readAll().finally(() => (this.reading = null));
    return this.reading;
  }

  /** Shows a thread, as it is known and then as it is; null: none. */
  async open(id: string | null): Promise<void> {
    if (id === null) return this.opened.set(null);
    if (this.opened.get()?.id !== id) this.opened.set({ id, thread: undefined, failure: "" });
    await this.readThread(id);
  }

  /** Rejects as `CommentApi` does; so do the ones below. `ids` are kept by the caller until it has succeeded. */
  async start(ids: readonly [string, string], place: CommentPlace, text: string): Promise<string> {
    const thread = await this.api.start(...ids, place, text);
    this.opened.set({ id: thread.id, thread, failure: "" });
    this.put(thread);
    return thread.id;
  }

  async reply(thread: string, comment: string, text: string): Promise<void> {
    this.put(await this.api.reply(thread, comment, text));
  }

  async edit(thread: string, comment: string, text: string): Promise<void> {
    this.put(await this.api.edit(thread, comment, text));
  }

  async resolve(thread: string, resolved: boolean): Promise<void> {
    this.put(await this.api.resolve(thread, resolved));
  }

  async remove(thread: string, comment: string): Promise<void> {
    try {
      await this.api.remove(thread, comment);
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
    }
    await Promise.all([this.load(), this.readThread(thread)]);
  }

  /** This person has looked at what names them there. */
  async seen(id: string): Promise<void> {
    const head = this.heads.get(id);
    if (!head?.unread) return;
    this.heads.set(id, { ...head, unread: false });
    this.show();
    try {
      this.hints.unread.set(await this.api.seen(id));
    } catch {
      // It stays unread in the inbox, where it can be marked.
    }
  }

  private async readAll(): Promise<void> {
    do {
      try {
        await this.read(this.rev);
      } catch (error) {
        const failure = error instanceof Error ? error.message : "The comments cannot be read.";
        this.listed.set({ ...this.listed.get(), loaded: true, failure });
        return;
      }
    } while (this.wanted > this.rev);
  }

  private async read(after: number): Promise<void> {
    const answer = await this.api.threads(after);
    if (after === 0) this.heads.clear();
    for (const head of answer.threads) this.heads.set(head.id, head);
    // A thread is gone, or the database is an older one than it was.
    if (after > 0 && (answer.rev < after || this.heads.size !== answer.total)) return this.read(0);
    this.rev = answer.rev;
    // Told of more than there is: what is there counts.
    if (answer.rev <= after) this.wanted = Math.min(this.wanted, answer.rev);
    this.show();
    const { id, thread } = this.opened.get() ?? {};
    if (id !== undefined && thread !== undefined && this.heads.get(id)?.rev !== thread?.rev) {
      await this.readThread(id);
    }
  }

  private async readThread(id: string): Promise<void> {
    try {
      this.put(await this.api.thread(id));
    } catch (error) {
      const opened = this.opened.get();
      if (opened?.id !== id) return;
      const isGone = error instanceof Refusal && error.status === 404;
      const failure = error instanceof Error ? error.message : "The thread cannot be read.";
      this.opened.set(isGone ? { id, thread: null, failure: "" } : { ...opened, failure });
    }
  }

  /** An answer that was overtaken by a newer one says nothing any more. */
  private put(thread: Thread): void {
    const opened = this.opened.get();
    if (opened?.id === thread.id && (opened.thread?.rev ?? 0) <= thread.rev) {
      this.opened.set({ id: thread.id, thread, failure: "" });
    }
    const head = this.heads.get(thread.id);
    if (head && head.rev > thread.rev) return;
    this.heads.set(thread.id, thread);
    this.show();
  }

  private show(): void {
    const threads = [...this.heads.values()].sort((one, other) => (one.last_at < other.last_at ? 1 : -1));
    this.listed.set({ threads, loaded: true, failure: "" });
    const counts = new Map<string, number>();
    let open = 0;
    for (const { node, edge, resolved } of threads) {
      if (resolved) continue;
      open += 1;
      const id = node ?? edge;
      if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    this.hints.threads.set(counts);
    this.hints.open.set(open);
  }
}

/** Ids for a new thread and its first comment. */
export function newIds(): readonly [string, string] {
  return [newUuid(), newUuid()];
}

const known = new Map<string, Comments>();

/** The comments of a flow in this page. */
export function commentsOf(flow: string): Comments {
  let found = known.get(flow);
  if (!found) {
    found = new Comments(commentApi(flow), commentHints);
    known.set(flow, found);
  }
  return found;
}
