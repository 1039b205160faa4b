import { requestJson } from "../api/http";
import { everyPage, PAGE } from "../api/pages";
import type { CommentPlace } from "../live/commentHints";
import type { Thread, ThreadsAnswer } from "./types";

type ThreadsPage = ThreadsAnswer & { readonly next: number | null };

/** Comments of one flow over HTTP. Every call rejects as those of `FlowApi` do. */
export interface CommentApi {
  threads(after: number): Promise<ThreadsAnswer>;
  thread(id: string): Promise<Thread>;
  /** `id` and `comment` are made by the caller: the same once more writes no second one. */
  start(id: string, comment: string, place: CommentPlace, text: string): Promise<Thread>;
  reply(thread: string, comment: string, text: string): Promise<Thread>;
  edit(thread: string, comment: string, text: string): Promise<Thread>;
  remove(thread: string, comment: string): Promise<void>;
  resolve(thread: string, resolved: boolean): Promise<Thread>;
  /** What names this person in the thread is read; answers how many mentions are left. */
  seen(thread: string): Promise<number>;
  people(beginning: string): Promise<{ names: readonly string[]; more: boolean }>;
}

export function commentApi(flow: string): CommentApi {
  const root = `/api/flows/${encodeURIComponent(flow)}`;
  const at = (thread: string) => `${root}/comments/${encodeURIComponent(thread)}`;
  const one = (thread: string, comment: string) => `${at(thread)}/replies/${encodeURIComponent(comment)}`;
  return {
    async threads(after) {
      const ask = (query: string) => requestJson<ThreadsPage>(`${root}/comments${query}`);
      const pages = await everyPage(ask, PAGE, after);
      // The newest answer says how many there are in all.
      const { rev, total } = pages[pages.length - 1] ?? pages[0];
      return { rev, total, threads: pages.flatMap(({ threads }) => threads) };
    },
    thread: (id) => requestJson(at(id)),
    start: (id, comment, place, text) =>
      requestJson(`${root}/comments`, { method: "POST", body: { id, comment, ...place, text } }),
    reply: (thread, id, text) => requestJson(`${at(thread)}/replies`, { method: "POST", body: { id, text } }),
    edit: (thread, comment, text) => requestJson(one(thread, comment), { method: "PUT", body: { text } }),
    async remove(thread, comment) {
      await requestJson(one(thread, comment), { method: "DELETE" });
    },
    resolve: (thread, resolved) =>
      requestJson(`${at(thread)}/resolved`, { method: "PUT", body: { resolved } }),
    async seen(thread) {
      return (await requestJson<{ unread: number }>(`${at(thread)}/seen`, { method: "POST", body: {} }))
        .unread;
    },
    people: (beginning) => requestJson(`${root}/people?q=${encodeURIComponent(beginning)}`),
  };
}
