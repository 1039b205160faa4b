import { Cell } from "../core/store";
import type { CommentPlace } from "../live/commentHints";
import { isSamePlace } from "./places";
import type { ThreadHead } from "./types";

export type Filter = "open" | "resolved" | "mine";

/** What the panel shows; outlives it, so that it opens as it was left. */
export interface Shown {
  readonly filter: Filter;
  /** Only threads about this; null: about anything. */
  readonly place: CommentPlace | null;
  /** Where a new thread is being written; null: none is. */
  readonly writing: CommentPlace | null;
}

export const shown = new Cell<Shown>({ filter: "open", place: null, writing: null });

/** The threads of a list as it is filtered. */
export function filtered(threads: readonly ThreadHead[], { filter, place }: Shown): ThreadHead[] {
  return threads.filter((thread) => {
    if (place && !isSamePlace(thread, place)) return false;
    if (filter === "mine") return thread.mine;
    return (thread.resolved !== null) === (filter === "resolved");
  });
}
