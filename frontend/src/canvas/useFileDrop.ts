import { useEffect } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { CanvasState } from "./canvasState";
import { addFile } from "./files";

/** Adds what a file holds that is dropped onto the canvas; beside it, it must not take the page's place. */
export function useFileDrop(editor: EditorHandle, canvas: CanvasState): void {
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files") || event.defaultPrevented) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = isOnCanvas(event) && editor.can.get().edit ? "copy" : "none";
    };
    const onDrop = (event: DragEvent): void => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      const place = canvas.view.get()?.at({ x: event.clientX, y: event.clientY });
      if (place && isOnCanvas(event)) {
        void addFile(
          editor,
          file,
          () => place,
          (text) => canvas.offered.set(text),
        );
      }
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("drop", onDrop);
    };
  }, [editor, canvas]);
}

function isOnCanvas(event: DragEvent): boolean {
  return event.target instanceof Element && event.target.closest(".canvas") !== null;
}
