import { isLoaded } from "../core/contents";
import type { EditorHandle } from "../core/editorTypes";
import { GRID } from "../core/geometry";
import { groupFor } from "../core/groups/frames";
import { newNodeId, newUuid } from "../core/ids";
import type { Op } from "../core/types";
import { idsInCopy } from "../editing/contents";
import { schemaOps } from "../editing/rowOps";
import { whenLoaded } from "../editing/whenLoaded";

/** Deletes what is selected; wires of a deleted node go along with it. */
export function deleteSelection(
  editor: EditorHandle,
  deed: "Delete" | "Cut" = "Delete",
  { nodes, edges } = editor.selection.get(),
): void {
  const ops: Op[] = [];
  for (const id of edges) {
    const edge = editor.graph.edges.get(id);
    if (edge && !nodes.has(edge.source) && !nodes.has(edge.target)) ops.push({ op: "delete_edge", id });
  }
  for (const id of nodes) ops.push({ op: "delete_node", id });
  editor.apply(ops, { label: deletionLabel(deed, nodes.size, edges.size) });
}

function deletionLabel(deed: string, nodes: number, edges: number): string {
  if (nodes === 0) return edges === 1 ? `${deed} a wire` : `${deed} ${String(edges)} wires`;
  return nodes === 1 ? `${deed} a node` : `${deed} ${String(nodes)} nodes`;
}

export function selectAll(editor: EditorHandle): void {
  editor.select({ nodes: editor.graph.nodes.keys(), edges: editor.graph.edges.keys() });
}

/** Copies the selected nodes and the wires between them, a step down and to the right. */
export function duplicateSelection(editor: EditorHandle): Promise<boolean> {
  const { nodes } = editor.selection.get();
  return whenLoaded(editor, idsInCopy(editor, false), "Duplicate", () => duplicate(editor, nodes));
}

function duplicate(editor: EditorHandle, nodes: ReadonlySet<string>): void {
  const copies = new Map<string, string>();
  const ops: Op[] = [];
  for (const id of nodes) {
    const node = editor.graph.nodes.get(id);
    if (!node || !isLoaded(node)) continue;
    const { module, component, label, comment, settings, schemas } = node;
    const copy = newNodeId();
    copies.set(id, copy);
    const place = { x: node.x + GRID, y: node.y + GRID };
    const group = groupFor(editor.graph, place);
    ops.push({ op: "add_node", id: copy, module, component, label, comment, settings, ...place, group });
    ops.push(...schemaOps(copy, schemas));
  }
  for (const edge of editor.graph.edges.values()) {
    const source = copies.get(edge.source);
    const target = copies.get(edge.target);
    if (!source || !target || !isLoaded(edge)) continue;
    const { source_port, target_port, mapping } = edge;
    ops.push({ op: "add_edge", id: newUuid(), source, source_port, target, target_port, mapping });
  }
  if (ops.length === 0) return;
  editor.apply(ops, {
    label: copies.size === 1 ? "Duplicate a node" : `Duplicate ${String(copies.size)} nodes`,
  });
  editor.select({ nodes: copies.values() });
}
