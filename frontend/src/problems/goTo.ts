import type { EditorHandle } from "../core/editorTypes";
import { Cell } from "../core/store";
import type { Trouble } from "./findProblems";

/** A field of what is selected that shall have the focus; a new object for each wish. */
export const fieldWish = new Cell<{ readonly pointer: string } | null>(null);

/** Flies to what has the problem, selects it and, where the problem is about a field, goes into that. */
export function goTo(editor: EditorHandle, { id, field }: Trouble): void {
  editor.reveal(id);
  if (field !== undefined) fieldWish.set({ pointer: field });
}
