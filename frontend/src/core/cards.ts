import type { EditorHandle } from "./editorTypes";
import { heightWithNote, layoutCard, type Rect } from "./geometry";

/** Where all cards of the flow are, each with the comment below it. */
export function cardRects(editor: Pick<EditorHandle, "graph" | "portsOf">): Rect[] {
  return Array.from(editor.graph.nodes.values(), ({ id, x, y, comment }) => {
    const layout = layoutCard(editor.portsOf(id));
    return { x, y, width: layout.width, height: heightWithNote(layout, comment) };
  });
}
