import { newUuid } from "../core/ids";
import type { EditorHandle } from "../core/editorTypes";
import { Arrivals } from "./arrivals";
import type { FilesApi } from "./types";

/** Values of secrets by `name/key`, as typed. */
export type Values = ReadonlyMap<string, string>;

/**
 * Adds what the file holds to the flow, as a step that can be undone, and stores the secrets of which a value was
 * given; `show` gets the nodes once they are there. Rejects with what the server says of the file; a secret that cannot be stored is told beside the canvas.
 */
export async function bringIn(
  editor: EditorHandle,
  api: FilesApi,
  file: { readonly text: string; readonly name: string },
  values: Values = new Map(),
  show: (nodes: readonly string[]) => void = () => undefined,
): Promise<void> {
  const id = newUuid();
  const label = `Import ${file.name}`;
  const empty = editor.graph.nodes.size + editor.graph.notes.size === 0;
  const arrivals = new Arrivals(editor);
  const { rev } = await api.bringIn(file.text, id, empty ? { x: 0, y: 0 } : null).catch((error: unknown) => {
    arrivals.end();
    throw error;
  });
  editor.made(id, label, rev);
  void arrivals.come().then((nodes) => {
    // Their cards are drawn first.
    if (nodes.length > 0) requestAnimationFrame(() => show(nodes));
  });
  for (const [reference, value] of values) {
    const [name = "", key = ""] = reference.split("/");
    if (value === "") continue;
    try {
      await api.addSecret(name, key, value);
    } catch (error) {
      const why = error instanceof Error ? error.message : "try again on the project's page of secrets.";
      editor.notify(
        { code: "secret_not_stored", message: `${reference} could not be stored: ${why}` },
        "warning",
      );
    }
  }
  const undo = { label: "Undo", run: () => editor.undo() };
  editor.notify({ code: "imported", message: `${file.name} is in the flow.` }, "info", undo);
}
