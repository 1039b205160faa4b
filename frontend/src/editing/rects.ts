import type { EditorHandle } from "../core/editorTypes";
import { CardLayouts } from "../core/cardLayouts";
import { heightWithNote, type Rect } from "../core/geometry";
import type { FlowNode } from "../core/types";

/** A drag asks at every frame for all that is dragged. */
const layouts = new CardLayouts();

/** Where a node's card stands, without the comment below it: what is lined up and snapped to. */
export function cardRect(editor: EditorHandle, node: FlowNode): Rect {
  const { width, height } = layouts.get(editor.portsOf(node.id), []);
  return { x: node.x, y: node.y, width, height };
}

/** The same with its comment: what must not be covered. */
export function fullRect(editor: EditorHandle, node: FlowNode): Rect {
  const layout = layouts.get(editor.portsOf(node.id), []);
  return { x: node.x, y: node.y, width: layout.width, height: heightWithNote(layout, node.comment) };
}

export function selectedNodes(editor: EditorHandle): FlowNode[] {
  const ids = editor.selection.get().nodes;
  return Array.from(ids, (id) => editor.graph.nodes.get(id)).filter((node) => node !== undefined);
}
