import {
  bounds,
  GRID,
  HEAD_HEIGHT,
  heightWithNote,
  layoutCard,
  NODE_WIDTH,
  type Point,
  type Rect,
} from "../geometry";
import type { EditorHandle, Selection } from "../editorTypes";
import type { Graph } from "../graph";
import type { FlowGroup, FlowNode, FlowNote } from "../types";

/** The bar with a group's title, px. */
export const TITLE_HEIGHT = 32;
/** What the server takes at least for a side. */
export const MIN_FRAME = 48;

/** The nodes that stand in a group, in the order of the document. */
export function membersOf(graph: Graph, group: string): FlowNode[] {
  return [...graph.nodes.values()].filter((node) => node.group === group);
}

/** The notes that lie in a group. */
export function notesIn(graph: Graph, group: string): FlowNote[] {
  return [...graph.notes.values()].filter((note) => note.group === group);
}

/** Whether a note is drawn: one in a collapsed group is hidden by its card. */
export function isSeen({ groups }: Graph, { group }: FlowNote): boolean {
  return group === null || groups.get(group)?.collapsed !== true;
}

export function seenNotes(graph: Graph): FlowNote[] {
  return [...graph.notes.values()].filter((note) => isSeen(graph, note));
}

/** The frames of open groups, and the notes that are drawn. */
export function seenFrames(graph: Graph): (FlowGroup | FlowNote)[] {
  return [...[...graph.groups.values()].filter(({ collapsed }) => !collapsed), ...seenNotes(graph)];
}

/** The group that a note comes to lie in: that in which it has its middle. */
export function groupForNote(graph: Graph, { x, y, width, height }: Rect): string | null {
  return groupAt(graph, { x: x + width / 2, y: y + height / 2 });
}

/** The frame of the group that a point lies in; of several, the one made last. Collapsed groups have no frame. */
export function groupAt(graph: Graph, { x, y }: Point): string | null {
  let found: string | null = null;
  for (const group of graph.groups.values()) if (!group.collapsed && holds(group, { x, y })) found = group.id;
  return found;
}

/** Which group a card belongs into when it comes to lie here: that in which its head has its middle. */
export function groupFor(graph: Graph, { x, y }: Point): string | null {
  return groupAt(graph, { x: x + NODE_WIDTH / 2, y: y + HEAD_HEIGHT / 2 });
}

export function holds(frame: Rect, { x, y }: Point): boolean {
  return x >= frame.x && y >= frame.y && x <= frame.x + frame.width && y <= frame.y + frame.height;
}

/** A frame with room for these cards and notes, a grid step of margin and its title above them. */
export function frameAround(
  editor: EditorHandle,
  nodes: Iterable<FlowNode>,
  notes: readonly Rect[] = [],
): Rect | null {
  const rects = Array.from(nodes, (node) => cardRect(editor, node));
  const inner = rects.length === 0 ? null : bounds([...rects, ...notes]);
  if (!inner) return null;
  return {
    x: inner.x - GRID,
    y: inner.y - GRID - TITLE_HEIGHT,
    width: inner.width + 2 * GRID,
    height: Math.ceil((inner.height + 2 * GRID + TITLE_HEIGHT) / GRID) * GRID,
  };
}

/** Where a card is and how large, with the comment below it. */
export function cardRect(editor: EditorHandle, { id, x, y, comment }: FlowNode): Rect {
  const layout = layoutCard(editor.portsOf(id));
  return { x, y, width: layout.width, height: heightWithNote(layout, comment) };
}

/** The group that all of the nodes stand in; null when they stand in several, or one in none. */
export function commonGroup(graph: Graph, nodes: Iterable<string>): FlowGroup | null {
  const groups = new Set(Array.from(nodes, (id) => graph.nodes.get(id)?.group ?? null));
  const [only = null] = groups;
  return groups.size === 1 && only !== null ? (graph.groups.get(only) ?? null) : null;
}

/** The collapsed group whose card is what is selected: all of its nodes are, and nothing else. */
export function selectedCard(graph: Graph, { nodes, edges }: Selection): FlowGroup | null {
  const group = edges.size > 0 ? null : commonGroup(graph, nodes);
  return group?.collapsed && membersOf(graph, group.id).length === nodes.size ? group : null;
}
