import type { EditorHandle } from "../core/editorTypes";
import { filesApi } from "./filesApi";

/** Puts the flow's file on the clipboard. It never rejects. */
export async function copyFile(editor: EditorHandle): Promise<void> {
  const { id, project } = editor.flow.get();
  try {
    await navigator.clipboard.writeText(await filesApi(project.id, id).text());
    editor.notify({ code: "copied", message: "The flow's file is on the clipboard." }, "info");
  } catch (error) {
    const message = error instanceof Error ? error.message : "The browser refuses it.";
    editor.notify(
      { code: "cannot_copy", message: `The flow's file could not be copied: ${message}` },
      "warning",
    );
  }
}
