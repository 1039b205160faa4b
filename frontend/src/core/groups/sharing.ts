/** Nodes in other flows of the project, as operations. */

import type { EditorHandle } from "../editorTypes";
import type { FlowRef, Op } from "../types";
import { membersOf } from "./frames";

/** The selected nodes that are this flow's own. */
export function ownSelected(editor: EditorHandle): string[] {
  return [...editor.selection.get().nodes].filter((id) => editor.graph.nodes.get(id)?.foreign === null);
}

/** Shows the selected nodes in another flow too; those that are there already stay as they are. */
export function shareSelected(editor: EditorHandle, { id: flow, name }: FlowRef): void {
  const fresh = ownSelected(editor).filter((id) => !editor.graph.nodes.get(id)?.shared.includes(flow));
  const ops = fresh.map((id): Op => ({ op: "share_node", id, flow }));
  editor.apply(ops, { label: `Show in ${name}` });
}

/**
 * Moves the selected nodes to another flow, with the groups of which all nodes move. Nodes that are wired to what
 * stays remain shown here.
 */
export function moveSelected(editor: EditorHandle, { id: flow, name }: FlowRef): void {
  const { graph } = editor;
  const moving = new Set(ownSelected(editor));
  const groups = [...graph.groups.keys()].filter((id) => {
    const members = membersOf(graph, id);
    return members.length > 0 && members.every((node) => moving.has(node.id));
  });
  const wired = new Set<string>();
  for (const { source, target } of graph.edges.values()) {
    if (moving.has(source) && !moving.has(target)) wired.add(source);
    if (moving.has(target) && !moving.has(source)) wired.add(target);
  }
  const ops: Op[] = [
    ...groups.map((id): Op => ({ op: "move_group", id, flow })),
    ...[...moving].map((id): Op => ({ op: "move_node", id, flow, keep: wired.has(id) })),
  ];
  editor.apply(ops, { label: `Move to ${name}` });
  if (wired.size === 0) return;
  const these = wired.size === 1 ? "One node of it stays" : `${String(wired.size)} nodes of it stay`;
  const message = `Moved to ${name}. ${these} shown here too: wires lead to what has not moved.`;
  editor.notify({ code: "moved", message }, "info");
}

/** Takes the selected nodes out of this flow: those of others out of here, its own out of all others. */
export function unshareSelected(editor: EditorHandle): void {
  const ops: Op[] = [];
  for (const id of editor.selection.get().nodes) {
    const node = editor.graph.nodes.get(id);
    if (node?.foreign) ops.push({ op: "delete_node", id });
    else for (const flow of node?.shared ?? []) ops.push({ op: "unshare_node", id, flow });
  }
  editor.apply(ops, { label: "Stop sharing" });
}
