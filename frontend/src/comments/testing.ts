/** For tests: a server with threads in memory. */

import { Refusal } from "../core/errors";
import type { CommentApi } from "./commentApi";
import type { CommentRow, Thread, ThreadHead } from "./types";

export function aComment(id: string, more: Partial<CommentRow> = {}): CommentRow {
  const empty = {
    by: { id: 1, name: "ada" },
    own: true,
    text: id,
    deleted: false,
    edited: null,
    mentions: [],
  };
  return { id, at: "2026-01-01T00:00:00Z", ...empty, ...more };
}

export function aThread(id: string, more: Partial<Thread> = {}): Thread {
  const empty = { node: null, edge: null, label: "", by: "ada", excerpt: id, resolved: null, mine: false };
  const comments = more.comments ?? [aComment(`${id}-1`)];
  const times = { at: "2026-01-01T00:00:00Z", last_at: `2026-01-01T00:00:0${String(more.rev ?? 1)}Z` };
  return {
    id,
    rev: 1,
    count: comments.length,
    ...empty,
    ...times,
    unread: false,
    manages: false,
    ...more,
    comments,
  };
}

/** Answers by its own rules; `asked` are the calls in order. */
export class FakeComments implements CommentApi {
  readonly threadsById = new Map<string, Thread>();
  readonly asked: string[] = [];
  rev = 0;
  names = ["ada", "grace"];

  constructor(...threads: Thread[]) {
    for (const thread of threads) this.keep(thread);
  }

  keep(thread: Thread): Thread {
    this.rev += 1;
    const kept = {
      ...thread,
      rev: this.rev,
      last_at: `2026-01-01T00:00:${String(this.rev).padStart(2, "0")}Z`,
    };
    this.threadsById.set(thread.id, kept);
    return kept;
  }

  drop(id: string): void {
    this.rev += 1;
    this.threadsById.delete(id);
  }

  threads(after: number) {
    this.asked.push(`threads ${String(after)}`);
    const all: ThreadHead[] = [...this.threadsById.values()];
    return Promise.resolve({
      rev: this.rev,
      total: all.length,
      threads: all.filter(({ rev }) => rev > after),
    });
  }

  thread(id: string) {
    this.asked.push(`thread ${id}`);
    const found = this.threadsById.get(id);
    return found ? Promise.resolve(found) : Promise.reject(new Refusal(404, "not_found", "It is gone.", {}));
  }

  start(id: string, comment: string, place: Pick<Thread, "node" | "edge">, text: string) {
    this.asked.push(`start ${text}`);
    return Promise.resolve(this.keep(aThread(id, { ...place, comments: [aComment(comment, { text })] })));
  }

  reply(thread: string, comment: string, text: string) {
    this.asked.push(`reply ${comment}`);
    return this.change(thread, (one) => ({
      ...one,
      comments: [...one.comments, aComment(comment, { text })],
    }));
  }

  edit(thread: string, comment: string, text: string) {
    const write = (row: CommentRow) => (row.id === comment ? { ...row, text } : row);
    return this.change(thread, (one) => ({ ...one, comments: one.comments.map(write) }));
  }

  remove(thread: string, comment: string) {
    const write = (row: CommentRow) => (row.id === comment ? { ...row, text: "", deleted: true } : row);
    const found = this.threadsById.get(thread);
    if (found?.comments.length === 1) this.drop(thread);
    else if (found) this.keep({ ...found, comments: found.comments.map(write) });
    return Promise.resolve();
  }

  resolve(thread: string, resolved: boolean) {
    return this.change(thread, (one) => ({ ...one, resolved: resolved ? { by: "ada", at: one.at } : null }));
  }

  seen(thread: string) {
    this.asked.push(`seen ${thread}`);
    return Promise.resolve(0);
  }

  people() {
    return Promise.resolve({ names: this.names, more: false });
  }

  private change(id: string, write: (thread: Thread) => Thread): Promise<Thread> {
    return this.thread(id).then((found) => this.keep(write(found)));
  }
}
