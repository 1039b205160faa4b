import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useCallback, useRef, type RefObject } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { moveOps } from "../core/groups/edits";
import { membersOf } from "../core/groups/frames";
import { NOTHING_CARRIED, type Carried, type Visible } from "../core/visible";
import { moveLabel } from "../editing/align";
import type { CanvasEdge } from "./canvasEdges";
import type { CanvasNode } from "./canvasNodes";
import type { CanvasState } from "./canvasState";
import { showCarried } from "./carrying";

/**
 * What the canvas library reports, as edits and selections. While a drag goes on, how far it has come is a style: the
 * browser moves the cards, and neither the library nor React hears of it. At its end one batch of operations says
 * where everything has come to lie. The library knows only the cards in the page: what else is selected goes along.
 */
export function useCanvasChanges(
  editor: EditorHandle,
  { carried }: CanvasState,
  visible: Visible,
  canvas: RefObject<HTMLElement | null>,
) {
  /** Where nodes stood as the drag began that is going on. */
  const start = useRef<ReadonlyMap<string, Point>>(new Map());
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
        if (carried.get() === NOTHING_CARRIED) start.current = placesOf(editor, moved);
        const drag = carriedBy(editor, moved, start.current, carried.get());
        const next = dragging ? drag : NOTHING_CARRIED;
        visible.carry(next);
        showCarried(canvas.current, next);
        carried.set(next);
        if (!dragging) move(editor, drag);
      }
      selectBy(editor, "nodes", changes);
    },
    [editor, carried, visible, canvas],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<CanvasEdge>[]) => selectBy(editor, "edges", changes),
    [editor],
  );

  return { onNodesChange, onEdgesChange };
}

/** How far these nodes have come, and what of the selection goes with them. */
function carriedBy(
  editor: EditorHandle,
  moved: readonly [string, Point][],
  start: ReadonlyMap<string, Point>,
  before: Carried,
): Carried {
  const by = stepOf(editor, moved, start);
  const ids = new Set(moved.map(([id]) => id));
  const selected = editor.selection.get().nodes;
  if (moved.every(([id]) => selected.has(id))) for (const id of selected) ids.add(id);
  // The same set while the drag goes on: only how far it has come is another thing then.
  const same = before.ids.size === ids.size && [...ids].every((id) => before.ids.has(id));
  return { ids: same ? before.ids : ids, by };
}

/** By the first that stands where it stood: what a colleague moved on its way would take all others along. */
function stepOf(
  editor: EditorHandle,
  moved: readonly [string, Point][],
  start: ReadonlyMap<string, Point>,
): Point {
  let other: Point | null = null;
  for (const [id, { x, y }] of moved) {
    const place = placeOf(editor, id);
    const began = start.get(id);
    if (!place) continue;
    const step = { x: x - place.x, y: y - place.y };
    if (began && place.x === began.x && place.y === began.y) return step;
    other ??= step;
  }
  return other ?? NOTHING_CARRIED.by;
}

function placesOf(editor: EditorHandle, moved: readonly [string, Point][]): Map<string, Point> {
  return new Map(
    moved.flatMap(([id]) => {
      const place = placeOf(editor, id);
      return place ? [[id, place] as const] : [];
    }),
  );
}

/** Of a node or a collapsed group. */
function placeOf({ graph }: EditorHandle, id: string): Point | undefined {
  return graph.nodes.get(id) ?? graph.groups.get(id);
}

function move(editor: EditorHandle, { ids, by }: Carried): void {
  const ops = moveOps(editor.graph, ids, by);
  editor.apply(ops, { label: moveLabel(ops.filter(({ op }) => op === "set_node").length) });
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
    // A collapsed group is selected by its nodes.
    const group = kind === "nodes" ? editor.graph.groups.get(change.id) : undefined;
    const meant = group ? membersOf(editor.graph, group.id).map(({ id }) => id) : [change.id];
    for (const id of meant) {
      if (change.selected) ids.add(id);
      else ids.delete(id);
    }
  }
  if (changed) editor.select({ ...selection, [kind]: ids });
}
