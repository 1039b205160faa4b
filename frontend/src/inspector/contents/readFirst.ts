import type { EditorHandle } from "../../core/editorTypes";
import { areLoaded } from "../../editing/whenLoaded";

/**
 * Why what a node or a wire holds cannot be edited, null when it can. A flow that was read again may have let go of
 * contents under a form: an edit of a field must not be taken for all that there is.
 */
export async function readFirst(editor: EditorHandle, id: string): Promise<string | null> {
  try {
    await editor.load([id]);
  } catch (error) {
    return error instanceof Error ? error.message : "The server did not answer.";
  }
  return areLoaded(editor, [id]) ? null : "It is not there any more.";
}
