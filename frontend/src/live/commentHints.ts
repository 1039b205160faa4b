import { requestJson } from "../api/http";
import { Cell, KeyedListeners, type Listener, type Unsubscribe } from "../core/store";

/** What a thread is about: a node, a wire, or the flow where both are null. */
export interface CommentPlace {
  readonly node: string | null;
  readonly edge: string | null;
}

/** What somebody wants to see of the comments: a thread, those of a place, a new one there, or all that are open. */
export type CommentWish =
  | { readonly thread: string; readonly linked?: boolean }
  | { readonly at: CommentPlace }
  | { readonly on: CommentPlace }
  | { readonly all: true };

/** Open threads by the id of their node or wire; a change wakes only whom it concerns. */
export class OpenThreads {
  private counts: ReadonlyMap<string, number> = new Map();
  private readonly listeners = new KeyedListeners();
  private readonly version = new Cell(0);

  of(id: string): number {
    return this.counts.get(id) ?? 0;
  }

  /** How many are about these nodes together; they are asked for where there are any at all. */
  within(ids: () => Iterable<string>): number {
    let sum = 0;
    if (this.counts.size > 0) for (const id of ids()) sum += this.of(id);
    return sum;
  }

  /** Woken by a change anywhere. */
  subscribeAll(listener: Listener): Unsubscribe {
    return this.version.subscribe(listener);
  }

  subscribe(id: string, listener: Listener): Unsubscribe {
    return this.listeners.subscribe(id, listener);
  }

  set(counts: ReadonlyMap<string, number>): void {
    const before = this.counts;
    this.counts = counts;
    const ids = new Set([...before.keys(), ...counts.keys()]);
    const changed = [...ids].filter((id) => before.get(id) !== counts.get(id));
    this.listeners.notify(changed);
    if (changed.length > 0) this.version.set(this.version.get() + 1);
  }
}

/**
 * What the first screen knows of comments: that there are some, how many are open where, how often this person was named,
 * and what somebody wants to see. The comments themselves come with their own code, once there are any.
 */
export class CommentHints {
  /** The newest revision that was told of; 0: the flow has never had comments. */
  readonly rev = new Cell(0);
  /** Open threads in the flow. */
  readonly open = new Cell(0);
  readonly threads = new OpenThreads();
  /** Mentions that this person has not read, in all projects. */
  readonly unread = new Cell(0);
  /** A new object for each wish; whoever has shown it sets null. */
  readonly wish = new Cell<CommentWish | null>(null);

  told(rev: number): void {
    if (rev > this.rev.get()) this.rev.set(rev);
  }

  /** Somebody named this person, or it was read elsewhere: asks how many are unread, where somebody sees the page. */
  async count(): Promise<void> {
    if (document.hidden) return;
    try {
      this.unread.set((await requestJson<{ unread: number }>("/api/mentions/unread")).unread);
    } catch {
      // The next hint, or the next page, asks again.
    }
  }
}

/** Those of the flow that this page shows. */
export const commentHints = new CommentHints();
