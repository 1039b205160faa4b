import { isLoaded } from "../core/contents";
import type { EditorHandle } from "../core/editorTypes";

/** Whether settings and mappings of these are here; what does not exist keeps nobody waiting. */
export function areLoaded(editor: EditorHandle, ids: Iterable<string>): boolean {
  const { nodes, edges } = editor.whole;
  for (const id of ids) {
    const row = nodes.get(id) ?? edges.get(id);
    if (row && !isLoaded(row)) return false;
  }
  return true;
}

/**
 * Does what needs settings or mappings: at once where they are here, else as soon as they have been read. Says
 * under the deed's name why not, and answers whether it was done.
 */
export async function whenLoaded(
  editor: EditorHandle,
  ids: Iterable<string>,
  deed: string,
  act: () => void,
): Promise<boolean> {
  const wanted = [...ids];
  if (!areLoaded(editor, wanted)) {
    try {
      await editor.load(wanted);
    } catch (error) {
      sayUnread(editor, deed, error);
      return false;
    }
  }
  act();
  return true;
}

export function sayUnread(editor: EditorHandle, deed: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : "The server did not answer.";
  const message = `${deed}: it needs settings and mappings that this page has not read yet. ${reason} Try again when the server can be reached.`;
  editor.notify({ code: "not_loaded", message }, "warning");
}
