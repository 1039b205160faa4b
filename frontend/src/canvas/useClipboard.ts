import { useEffect } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import type { CanvasState } from "./canvasState";
import { copyNotes, idsInCopy, toText } from "../editing/contents";
import { areLoaded } from "../editing/whenLoaded";
import { canBePasted, copyLater, pasteText, takeCopy } from "./clipboard";
import { deleteSelection } from "./commands";
import { readAhead } from "./readAhead";

/** The browser's own copy, cut and paste: they need no permission, and they are there over plain HTTP too. */
export function useClipboard(editor: EditorHandle, canvas: CanvasState): void {
  useEffect(() => readAhead(editor), [editor]);
  useEffect(() => {
    const onCopy = (event: ClipboardEvent): void => {
      if (isTaken(event) || isTextSelected()) return;
      const cut = event.type === "cut" && editor.can.get().edit;
      if (!event.clipboardData) return;
      const note = editor.graph.notes.get(canvas.frame.get() ?? "");
      if (note && editor.selection.get().nodes.size === 0) {
        event.preventDefault();
        event.clipboardData.setData("text/plain", toText(copyNotes([note])));
        if (cut) editor.apply([{ op: "delete_note", id: note.id }], { label: "Cut a note" });
        return;
      }
      if (editor.selection.get().nodes.size === 0) return;
      event.preventDefault();
      if (!canBePasted(editor, cut)) return;
      if (!areLoaded(editor, idsInCopy(editor, cut))) {
        // The event is over before they are read.
        void copyLater(editor, cut);
        return;
      }
      const text = takeCopy(editor, cut);
      if (text === null) return;
      event.clipboardData.setData("text/plain", text);
      if (cut) deleteSelection(editor, "Cut");
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isTaken(event) || !event.clipboardData) return;
      event.preventDefault();
      void pasteText(editor, event.clipboardData.getData("text/plain"), () => placeFor(editor, canvas));
    };
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [editor, canvas]);
}

/** Where a menu was opened, else under the pointer while it is over the canvas, else the middle of the view. */
export function placeFor(editor: EditorHandle, canvas: CanvasState): Point {
  return canvas.place.get() ?? canvas.pointer.get() ?? editor.centre.get();
}

/** The clipboard belongs to the field or dialog that has the focus. */
function isTaken(event: ClipboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const owner = target?.closest("input, textarea, select, [contenteditable], dialog") ?? null;
  return event.defaultPrevented || owner !== null;
}

/** Somebody who has marked text on the page wants that text. */
function isTextSelected(): boolean {
  const selection = window.getSelection();
  return selection !== null && !selection.isCollapsed && selection.toString() !== "";
}
