import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useState } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { withGroups } from "../core/groups/edits";
import type { SetNode } from "../core/types";
import type { CanvasEdge } from "./canvasEdges";
import type { CanvasNode } from "./canvasNodes";

const NOT_DRAGGED: ReadonlyMap<string, Point> = new Map();

/**
 * What the canvas library reports, as edits and selections. While a drag goes on the places are kept here;
 * at its end one batch of operations says where everything has come to lie.
 */
export function useCanvasChanges(editor: EditorHandle) {
  const [dragged, setDragged] = useState(NOT_DRAGGED);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const moving: [string, Point][] = [];
      const settled: [string, Point][] = [];
      for (const change of changes) {
        if (change.type !== "position" || !change.position) continue;
        const at = { x: Math.round(change.position.x), y: Math.round(change.position.y) };
        (change.dragging ? moving : settled).push([change.id, at]);
      }
      if (moving.length > 0) setDragged((now) => new Map([...now, ...moving]));
      if (settled.length > 0) {
        move(editor, settled);
        setDragged(NOT_DRAGGED);
      }
      selectBy(editor, "nodes", changes);
    },
    [editor],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<CanvasEdge>[]) => selectBy(editor, "edges", changes),
    [editor],
  );

  return { dragged, onNodesChange, onEdgesChange };
}

function move(editor: EditorHandle, places: readonly [string, Point][]): void {
  const moves: SetNode[] = [];
  for (const [id, { x, y }] of places) {
    const node = editor.graph.nodes.get(id);
    if (node && (node.x !== x || node.y !== y)) moves.push({ op: "set_node", id, fields: { x, y } });
  }
  const ops = withGroups(editor.graph, moves);
  const ids = ops.map((op) => op.id).join(" ");
  editor.apply(ops, {
    label: ops.length === 1 ? "Move a node" : `Move ${String(ops.length)} nodes`,
    merge: `move ${ids}`,
  });
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
