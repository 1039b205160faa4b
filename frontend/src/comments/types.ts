import type { CommentPlace } from "../live/commentHints";

/** A thread without its comments: docs/protocols.md section 4. */
export interface ThreadHead extends CommentPlace {
  readonly id: string;
  /** What its place was called when somebody last wrote. */
  readonly label: string;
  readonly rev: number;
  readonly by: string;
  readonly excerpt: string;
  readonly count: number;
  readonly at: string;
  readonly last_at: string;
  readonly resolved: { readonly by: string; readonly at: string } | null;
  /** This person wrote in it or is named there. */
  readonly mine: boolean;
  /** This person is named there and has not looked. */
  readonly unread: boolean;
}

export interface CommentRow {
  readonly id: string;
  readonly by: { readonly id: number | null; readonly name: string };
  readonly own: boolean;
  /** Markdown; empty where it was taken back. */
  readonly text: string;
  readonly deleted: boolean;
  readonly at: string;
  readonly edited: string | null;
  /** People of the project that it names. */
  readonly mentions: readonly string[];
}

export interface Thread extends ThreadHead {
  /** This person may take back the comments of others. */
  readonly manages: boolean;
  readonly comments: readonly CommentRow[];
}

/** What changed since a revision, and how many threads there are in all. */
export interface ThreadsAnswer {
  readonly rev: number;
  readonly total: number;
  readonly threads: readonly ThreadHead[];
}
