import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { copySelection, toText } from "../editing/contents";
import { paste } from "../editing/paste";
import { readContents } from "../editing/readContents";
import { deleteSelection } from "./commands";

/** Where pasted nodes go: under the pointer, else into the middle of the view. */
export type Where = () => Point;

/** The text to put on the clipboard; null when no node is selected. Says what is not in it. */
export function takeCopy(editor: EditorHandle, cut: boolean): string | null {
  const copy = copySelection(editor, cut);
  if (!copy) return null;
  if (copy.leftOut > 0) {
    const values = copy.leftOut === 1 ? "1 secret value was" : `${String(copy.leftOut)} secret values were`;
    const message = `${values} left out of the copy. Fill in a reference like [[secret:name/key]] where you paste.`;
    editor.notify({ code: "secrets_left_out", message }, "info");
  }
  return toText(copy.contents);
}

export function pasteText(editor: EditorHandle, text: string, where: Where): void {
  const reading = readContents(text);
  if ("contents" in reading) paste(editor, reading.contents, where());
  else editor.notify({ code: "cannot_paste", message: reading.problem }, "warning");
}

/** Copies without a key press of the browser's own: from the command palette or a menu. */
export async function copyByMenu(editor: EditorHandle, cut: boolean): Promise<void> {
  const text = takeCopy(editor, cut);
  if (text === null) return;
  try {
    // Missing where the page came over plain HTTP.
    await navigator.clipboard.writeText(text);
  } catch {
    refused(editor, cut ? "Cut" : "Copy", cut ? "X" : "C");
    return;
  }
  if (cut) deleteSelection(editor, "Cut");
}

export async function pasteByMenu(editor: EditorHandle, where: Where): Promise<void> {
  let text: string;
  try {
    text = await navigator.clipboard.readText();
  } catch {
    refused(editor, "Paste", "V");
    return;
  }
  pasteText(editor, text, where);
}

function refused(editor: EditorHandle, deed: string, key: string): void {
  const message = `${deed}: the browser does not let this page at the clipboard from a menu. Press Ctrl ${key} instead.`;
  editor.notify({ code: "clipboard_refused", message }, "warning");
}
