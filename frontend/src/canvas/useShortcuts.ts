import { useEffect } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { CanvasState } from "./canvasState";
import { deleteSelection, duplicateSelection, selectAll } from "./commands";
import type { View } from "./useView";

/** `mod` is Ctrl, or Cmd on a Mac. */
function keyOf(event: KeyboardEvent): string {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Shift is part of the character for signs such as `?` and `+`.
  if (event.shiftKey && /^([a-z0-9]|.{2,})$/.test(key)) parts.push("shift");
  return [...parts, key].join("+");
}

/** Keys belong to the field or dialog that has the focus, if there is one. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const owner = target?.closest("input, textarea, select, [contenteditable], dialog") ?? null;
  return event.defaultPrevented || owner !== null;
}

function only(editor: EditorHandle): string | null {
  const { nodes } = editor.selection.get();
  const [first = null] = nodes;
  return nodes.size === 1 ? first : null;
}

/** The canvas's keys, wherever on the page the focus is. */
export function useShortcuts(editor: EditorHandle, canvas: CanvasState, view: View): void {
  useEffect(() => {
    const withOne = (run: (id: string) => void) => (): void => {
      const id = only(editor);
      if (id !== null) run(id);
    };
    const remove = () => deleteSelection(editor);
    // The outermost thing goes first: messages, then the selection.
    const leave = () => {
      const messages = editor.notices.get();
      if (messages.length === 0) editor.select({});
      for (const { id } of messages) editor.dismiss(id);
    };
    const commands: Record<string, () => void> = {
      Delete: remove,
      Backspace: remove,
      "mod+z": () => editor.undo(),
      "mod+shift+z": () => editor.redo(),
      "mod+y": () => editor.redo(),
      "mod+a": () => selectAll(editor),
      "mod+d": () => duplicateSelection(editor),
      Escape: leave,
      F2: withOne((id) => canvas.renaming.set(id)),
      c: withOne((id) => canvas.wiring.set(id)),
      f: view.fit,
      "+": view.zoomIn,
      "=": view.zoomIn,
      "-": view.zoomOut,
      "0": view.zoomReset,
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const run = isTaken(event) ? undefined : commands[keyOf(event)];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [editor, canvas, view]);
}
