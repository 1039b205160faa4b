import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useState } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { withGroups } from "../core/groups/edits";
import type { SetNode } from "../core/types";
import { NOTHING_CARRIED, type Carried, type Visible } from "../core/visible";
import { moveLabel } from "../editing/align";
import type { CanvasEdge } from "./canvasEdges";
import type { CanvasNode } from "./canvasNodes";

/**
 * What the canvas library reports, as edits and selections. While a drag goes on, how far it has come is kept here;
 * at its end one batch of operations says where everything has come to lie. The library knows only the cards in the
 * page: what else is selected goes along by as much.
 */
export function useCanvasChanges(editor: EditorHandle, visible: Visible) {
  const [carried, setCarried] = useState(NOTHING_CARRIED);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      let dragging = false;
      const moved: [string, Point][] = [];
      for (const change of changes) {
        if (change.type !== "position" || !change.position) continue;
        dragging ||= change.dragging === true;
        moved.push([change.id, { x: Math.round(change.position.x), y: Math.round(change.position.y) }]);
      }
      if (moved.length > 0) {
        const drag = carriedBy(editor, moved);
        const next = dragging ? drag : NOTHING_CARRIED;
        visible.carry(next);
        setCarried(next);
        if (!dragging) move(editor, drag);
      }
      selectBy(editor, "nodes", changes);
    },
    [editor, visible],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<CanvasEdge>[]) => selectBy(editor, "edges", changes),
    [editor],
  );

  return { carried, onNodesChange, onEdgesChange };
}

/** How far these nodes have come, and what of the selection goes with them. */
function carriedBy(editor: EditorHandle, moved: readonly [string, Point][]): Carried {
  const ids = new Set(moved.map(([id]) => id));
  const selected = editor.selection.get().nodes;
  if (moved.some(([id]) => selected.has(id))) for (const id of selected) ids.add(id);
  for (const [id, { x, y }] of moved) {
    const node = editor.graph.nodes.get(id);
    if (node) return { ids, by: { x: x - node.x, y: y - node.y } };
  }
  return NOTHING_CARRIED;
}

function move(editor: EditorHandle, { ids, by }: Carried): void {
  const moves: SetNode[] = [];
  for (const id of ids) {
    const node = editor.graph.nodes.get(id);
    if (!node || (by.x === 0 && by.y === 0)) continue;
    moves.push({ op: "set_node", id, fields: { x: node.x + by.x, y: node.y + by.y } });
  }
  const ops = withGroups(editor.graph, moves);
  editor.apply(ops, { label: moveLabel(moves.length) });
}

function selectBy(
  editor: EditorHandle,
  kind: "nodes" | "edges",
  changes: readonly (NodeChange<CanvasNode> | EdgeChange<CanvasEdge>)[],
): void {
  const selection = editor.selection.get();
  const ids = new Set(selection[kind]);
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    changed = true;
    if (change.selected) ids.add(change.id);
    else ids.delete(change.id);
  }
  if (changed) editor.select({ ...selection, [kind]: ids });
}
