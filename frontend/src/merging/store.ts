/** What others have written over, where forms and the notice find it: the page has one flow. */

import { Cell } from "../core/store";
import type { Json } from "../core/types";

interface Told {
  readonly key: string;
  /** What it is, in words. */
  readonly what: string;
  /** Who was the later. */
  readonly by: string;
  /** A node or wire that can be shown. */
  readonly node?: string;
  readonly edge?: string;
}

/** Somebody wrote another value over this person's. */
export interface Overwrite extends Told {
  readonly kind: "changed";
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

/** Somebody deleted what this person had just worked on. */
export interface Gone extends Told {
  readonly kind: "deleted";
  /** The revision in which they did; an undo of it brings it back. */
  readonly change: number;
}

export type Met = Overwrite | Gone;

/** What a person can do about it. */
export interface Answers {
  /** Mine counts again, or is there again, by a new operation. */
  takeBack(keys: readonly string[]): void;
  /** Theirs counts; nothing more is said of it. */
  keepTheirs(keys: readonly string[]): void;
}

export const met = new Cell<ReadonlyMap<string, Met>>(new Map());
export const answers = new Cell<Answers | null>(null);

const shown = new Map<string, number>();
/** Another object whenever what stands at open fields may be another. */
export const atFields = new Cell<ReadonlySet<string>>(new Set());

/** For as long as a field is open it says for itself what was written over it. */
export function showAtField(key: string): () => void {
  shown.set(key, (shown.get(key) ?? 0) + 1);
  tell(key);
  return () => {
    const left = (shown.get(key) ?? 1) - 1;
    if (left > 0) shown.set(key, left);
    else shown.delete(key);
    tell(key);
  };
}

function tell(key: string): void {
  if (met.get().has(key)) atFields.set(new Set(shown.keys()));
}

/** What is not said at a field that is open. */
export function elsewhere(all: ReadonlyMap<string, Met>): Met[] {
  return [...all.values()].filter(({ key }) => !shown.has(key));
}
