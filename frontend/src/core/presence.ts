/** Who is in a flow, as docs/protocols.md section 5 tells it: one entry for each open tab. */

import type { Point } from "./geometry";

/** The field that somebody edits: of which node's or wire's form, and where in it. */
export interface EditedField {
  readonly node: string;
  /** JSON pointer. */
  readonly pointer: string;
}

/** What is told of one tab. */
export interface Here {
  /** The same in all tabs of one person. */
  readonly person: string;
  readonly name: string;
  /** The tab is hidden. */
  readonly away: boolean;
  /** The group that is open as a view of its own; null: the whole flow. */
  readonly view: string | null;
  readonly selection: readonly string[];
  readonly form: EditedField | null;
  /** Where on the canvas the pointer is; null where it is elsewhere, or not told among so many. */
  readonly cursor: readonly [x: number, y: number] | null;
}

/** What is known of a tab; its pointer is told apart. */
export type Tab = Omit<Here, "cursor">;

/** In a delta an absent key is unchanged; null: the tab is gone. */
export type HereDelta = Readonly<Record<string, Partial<Here> | null>>;

/** What this tab says of itself, each key only where it is another. `follow` is the tab that is followed. */
export type Said = Partial<Pick<Here, "cursor" | "selection" | "form" | "view">> & {
  follow?: string | null;
};

/** More of a selection is not said. */
export const MAX_SELECTION = 20;

export function asPoint([x, y]: readonly [number, number]): Point {
  return { x, y };
}
