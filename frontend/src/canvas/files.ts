import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { copyNotes, idsInCopy, toText, type Contents } from "../editing/contents";
import { MAX_TEXT } from "../editing/limits";
import { whenLoaded } from "../editing/whenLoaded";
import { pasteText, takeCopy } from "./clipboard";

/** Hands the browser a file of what the clipboard would hold: of the selected nodes, else of all with all notes. */
export function saveFile(editor: EditorHandle): Promise<boolean> {
  const { nodes: selected } = editor.selection.get();
  const all = selected.size === 0;
  const selection = { nodes: all ? new Set(editor.graph.nodes.keys()) : selected, edges: new Set<string>() };
  return whenLoaded(editor, idsInCopy(editor, false, selection), "Save as a file", () => {
    const text = takeCopy(editor, false, selection);
    const copy = text === null ? copyNotes([]) : (JSON.parse(text) as Contents);
    const { notes } = all ? copyNotes(editor.graph.notes.values()) : copy;
    download(`${nameOf(editor)}.json`, toText({ ...copy, notes }));
  });
}

/** Lets a person choose a file and adds what it holds. */
export function chooseFile(editor: EditorHandle, where: () => Point, offer: Offer): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,.yaml,.yml,application/json,application/yaml";
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void addFile(editor, file, where, offer);
  });
  input.click();
}

/** Takes the text of a flow's file, or of flows of Node-RED: they come in by another way than copies of nodes. */
type Offer = (text: string) => void;

/** A copy of nodes is one object; neither a flow's file nor Node-RED's list of nodes begins so. */
const COPY = /^\s*\{/;

/** Adds what a file holds, as pasting its text would; what is no copy of nodes is handed to `offer`. */
export async function addFile(
  editor: EditorHandle,
  file: File,
  where: () => Point,
  offer: Offer,
): Promise<void> {
  if (file.size > MAX_TEXT) {
    const message = `${file.name} has ${String(Math.ceil(file.size / 1024 / 1024))} MB; up to ${String(MAX_TEXT / 1024 / 1024)} can be added at once.`;
    editor.notify({ code: "cannot_paste", message }, "warning");
    return;
  }
  const text = await file.text();
  if (COPY.test(text)) await pasteText(editor, text, where);
  else offer(text);
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  // The browser has taken it once the click is over.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

function nameOf(editor: EditorHandle): string {
  const name = editor.flow
    .get()
    .name.replace(/[^\p{L}\p{N}_. -]+/gu, " ")
    .trim();
  return name.replace(/^\.+/, "") || "flow";
}
