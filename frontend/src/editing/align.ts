import type { EditorHandle } from "../core/editorTypes";
import { bounds, type Point, type Rect } from "../core/geometry";
import { withGroups } from "../core/groups/edits";
import type { FlowNode, SetNode } from "../core/types";
import { cardRect, selectedNodes } from "./rects";

export type Edge = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "x" | "y";

type Placed = readonly [node: FlowNode, rect: Rect];

/** Lines the selected nodes up: along an outer edge of all of them, or along their common middle. */
export function alignSelection(editor: EditorHandle, edge: Edge): void {
  const placed = placedSelection(editor);
  const all = bounds(placed.map(([, rect]) => rect));
  if (!all || placed.length < 2) return;
  moveTo(
    editor,
    placed.map(([node, rect]) => [node, aligned(rect, all, edge)]),
    `Align ${String(placed.length)} nodes`,
  );
}

/** Spreads the selected nodes so that the gaps between them are equal; the outermost two stay where they are. */
export function distributeSelection(editor: EditorHandle, axis: Axis): void {
  const size = axis === "x" ? "width" : "height";
  const placed = placedSelection(editor).sort(([, one], [, other]) => one[axis] - other[axis]);
  const first = placed[0]?.[1];
  const last = placed.at(-1)?.[1];
  if (!first || !last || placed.length < 3) return;
  const taken = placed.reduce((sum, [, rect]) => sum + rect[size], 0);
  const gap = (last[axis] + last[size] - first[axis] - taken) / (placed.length - 1);
  let at = first[axis];
  const places = placed.map(([node, rect]): [FlowNode, Point] => {
    const place = { x: rect.x, y: rect.y, [axis]: Math.round(at) };
    at += rect[size] + gap;
    return [node, place];
  });
  moveTo(editor, places, `Distribute ${String(placed.length)} nodes`);
}

/** Moves the selected nodes by so many px; presses of one key in a row become one step to undo. */
export function nudgeSelection(editor: EditorHandle, dx: number, dy: number): void {
  const nodes = selectedNodes(editor);
  moveTo(
    editor,
    nodes.map((node) => [node, { x: node.x + dx, y: node.y + dy }]),
    moveLabel(nodes.length),
    `nudge ${nodes.map(({ id }) => id).join(" ")}`,
  );
}

/** One batch that says where nodes have come to lie; nodes that stay are not in it. */
export function moveTo(
  editor: EditorHandle,
  places: readonly (readonly [FlowNode, Point])[],
  label: string,
  merge?: string,
): void {
  const ops = places
    .filter(([node, { x, y }]) => node.x !== x || node.y !== y)
    .map(([{ id }, { x, y }]): SetNode => ({ op: "set_node", id, fields: { x, y } }));
  editor.apply(withGroups(editor.graph, ops), { label, ...(merge === undefined ? {} : { merge }) });
}

export function moveLabel(count: number): string {
  return count === 1 ? "Move a node" : `Move ${String(count)} nodes`;
}

function placedSelection(editor: EditorHandle): Placed[] {
  return selectedNodes(editor).map((node) => [node, cardRect(editor, node)]);
}

function aligned(rect: Rect, all: Rect, edge: Edge): Point {
  const { x, y, width, height } = rect;
  switch (edge) {
    case "left":
      return { x: all.x, y };
    case "centre":
      return { x: Math.round(all.x + (all.width - width) / 2), y };
    case "right":
      return { x: all.x + all.width - width, y };
    case "top":
      return { x, y: all.y };
    case "middle":
      return { x, y: Math.round(all.y + (all.height - height) / 2) };
    case "bottom":
      return { x, y: all.y + all.height - height };
  }
}
