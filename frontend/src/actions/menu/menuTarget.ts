import type { EditorHandle } from "../../core/editorTypes";
import type { Place } from "../types";

/**
 * What a context menu is asked for: the node, wire or empty canvas below an element, or the row of a table. What is not selected yet becomes
 * the selection, as the actions work on that; a node that is selected with others stands for all of them.
 */
export function takeTarget(editor: EditorHandle, element: Element): Place | null {
  const row = element.closest<HTMLElement>("[data-row]")?.dataset["row"];
  if (row === undefined && !element.closest(".canvas")) return null;
  if (element.closest("input, textarea, select, [contenteditable]")) return null;
  const { nodes, edges } = editor.selection.get();
  const item = element.closest<HTMLElement>(".react-flow__node, .react-flow__edge");
  const id = row ?? item?.dataset["id"];
  if (id !== undefined && editor.graph.nodes.has(id)) {
    if (nodes.has(id) && nodes.size + edges.size > 1) return "selection";
    editor.select({ nodes: [id] });
    return "node";
  }
  if (id !== undefined && editor.graph.edges.has(id)) {
    editor.select({ edges: [id] });
    return "wire";
  }
  if (element.closest(".react-flow__nodesselection")) return "selection";
  return element.closest(".react-flow") ? placeOfSelection(element, nodes.size, edges.size) : null;
}

/** By keyboard the canvas itself is asked: then the menu is the selection's. */
function placeOfSelection(element: Element, nodes: number, edges: number): Place {
  if (!element.matches(".react-flow") || nodes + edges === 0) return "canvas";
  if (nodes + edges > 1) return "selection";
  return nodes === 1 ? "node" : "wire";
}
