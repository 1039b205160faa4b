/** What people do with groups and notes, as operations. */

import type { EditorHandle } from "../editorTypes";
import { cardRects } from "../cards";
import { freePlaceNear } from "../freePlace";
import { bounds, contains, GRID, snap, type Point, type Rect } from "../geometry";
import type { Graph } from "../graph";
import { newUuid } from "../ids";
import type { FlowNote, Op, SetNode } from "../types";
import { frameAround, groupFor, groupForNote, membersOf, notesIn, seenNotes } from "./frames";

export const NOTE_SIZE = { width: 240, height: 120 };

/** Draws a frame around nodes, and takes in notes that lie between them; they leave the groups they stood in. Answers its id; null without nodes. */
export function makeGroup(editor: EditorHandle, ids: Iterable<string>): string | null {
  const nodes = [...ids].flatMap((id) => editor.graph.nodes.get(id) ?? []);
  const frame = frameAround(editor, nodes);
  if (!frame) return null;
  const group = newUuid();
  const into = nodes.map((node): SetNode => ({ op: "set_node", id: node.id, fields: { group } }));
  const notes = seenNotes(editor.graph).filter((note) => contains(frame, note));
  const noted = notes.map(({ id }): Op => ({ op: "set_note", id, fields: { group } }));
  editor.apply([{ op: "add_group", id: group, name: "Group", ...frame }, ...into, ...noted], {
    label: "Group",
  });
  return group;
}

/** Takes the frame away; its nodes stay where they are. */
export function ungroup(editor: EditorHandle, group: string): void {
  editor.apply([{ op: "delete_group", id: group }], { label: "Ungroup" });
}

export function deleteWithNodes(editor: EditorHandle, group: string): void {
  const nodes = membersOf(editor.graph, group);
  const label = `Delete a group with ${String(nodes.length)} ${nodes.length === 1 ? "node" : "nodes"}`;
  const ops = nodes.map(({ id }): Op => ({ op: "delete_node", id }));
  const noted = notesIn(editor.graph, group).map(({ id }): Op => ({ op: "delete_note", id }));
  editor.apply([...ops, ...noted, { op: "delete_group", id: group }], { label });
}

/**
 * Makes one card of a group, or shows its nodes in their frame again, which grows where nodes have come to lie outside of it
 * meanwhile. Who looked at a node that is hidden by the card looks at that then.
 */
export function setCollapsed(editor: EditorHandle, group: string, collapsed: boolean): void {
  const inside = membersOf(editor.graph, group);
  const frame = editor.graph.groups.get(group);
  const needed = collapsed ? null : frameAround(editor, inside, notesIn(editor.graph, group));
  const grown = needed && frame && !contains(frame, needed) ? bounds([frame, needed]) : null;
  editor.apply([{ op: "set_group", id: group, fields: { collapsed, ...grown } }], {
    label: collapsed ? "Collapse a group" : "Expand a group",
  });
  const members = inside.map(({ id }) => id);
  const { nodes } = editor.selection.get();
  if (collapsed && members.some((id) => nodes.has(id))) editor.select({ nodes: members });
}

/** Moves a group or a note; the nodes and notes of a group move along. A note joins the frame that it is laid into. */
export function moveFrame(editor: EditorHandle, id: string, by: Point): void {
  const { groups, notes } = editor.graph;
  const group = groups.get(id);
  const note = notes.get(id);
  if ((by.x === 0 && by.y === 0) || !(group ?? note)) return;
  const ops: Op[] = [];
  if (note)
    ops.push({ op: "set_note", id, fields: { ...shifted(note, by), ...joined(editor.graph, note, by) } });
  if (group) {
    ops.push({ op: "set_group", id, fields: shifted(group, by) });
    for (const node of membersOf(editor.graph, id)) {
      ops.push({ op: "set_node", id: node.id, fields: shifted(node, by) });
    }
    ops.push(...shiftedNotes(editor.graph, id, by));
  }
  editor.apply(ops, { label: group ? "Move a group" : "Move a note", merge: `frame ${id}` });
}

/** Gives a frame another size. Nodes that a group's frame now surrounds come in, those that it leaves behind go out. */
export function resizeFrame(editor: EditorHandle, id: string, rect: Rect): void {
  const { x, y, width, height } = rect;
  if (editor.graph.notes.has(id)) {
    const op: Op = { op: "set_note", id, fields: { x, y, width, height } };
    editor.apply([op], { label: "Resize a note", merge: `size ${id}` });
    return;
  }
  const resized: Op = { op: "set_group", id, fields: { x, y, width, height } };
  const after = withRect(editor.graph, id, rect);
  const moved: Op[] = [];
  for (const node of editor.graph.nodes.values()) {
    const group = groupFor(after, node);
    if (group === node.group || (group !== id && node.group !== id)) continue;
    moved.push({ op: "set_node", id: node.id, fields: { group } });
  }
  for (const note of seenNotes(editor.graph)) {
    const group = groupForNote(after, note);
    if (group === note.group || (group !== id && note.group !== id)) continue;
    moved.push({ op: "set_note", id: note.id, fields: { group } });
  }
  editor.apply([resized, ...moved], {
    label: "Resize a group",
    merge: moved.length ? undefined : `size ${id}`,
  });
}

/**
 * Moves of nodes, completed by the group that each comes to stand in: who is dropped into a frame belongs to it. A
 * node of a collapsed group stays in it.
 */
export function withGroups(graph: Graph, moves: readonly SetNode[]): SetNode[] {
  if (graph.groups.size === 0) return [...moves];
  return moves.map((op) => {
    const node = graph.nodes.get(op.id);
    if (!node || graph.groups.get(node.group ?? "")?.collapsed) return op;
    const group = groupFor(graph, { x: op.fields.x ?? node.x, y: op.fields.y ?? node.y });
    return group === node.group ? op : { ...op, fields: { ...op.fields, group } };
  });
}

/** Cards moved together: nodes, and collapsed groups with all that is in them. */
export function moveOps(graph: Graph, ids: Iterable<string>, by: Point): Op[] {
  if (by.x === 0 && by.y === 0) return [];
  const nodes = new Set<string>();
  const groups: Op[] = [];
  for (const id of ids) {
    const group = graph.groups.get(id);
    if (graph.nodes.has(id)) nodes.add(id);
    if (!group?.collapsed) continue;
    groups.push({ op: "set_group", id, fields: shifted(group, by) });
    for (const member of membersOf(graph, id)) nodes.add(member.id);
    groups.push(...shiftedNotes(graph, id, by));
  }
  const moves: SetNode[] = [];
  for (const id of nodes) {
    const node = graph.nodes.get(id);
    if (node) moves.push({ op: "set_node", id, fields: shifted(node, by) });
  }
  return [...groups, ...withGroups(graph, moves)];
}

/** Lays an empty note with its corner here, or near by where nothing stands in its way. Answers its id; null for whoever may not edit. */
export function addNote(editor: EditorHandle, { x, y }: Point): string | null {
  if (!editor.can.get().edit) return null;
  const id = newUuid();
  const { graph } = editor;
  const group = groupForNote(graph, { x, y, ...NOTE_SIZE });
  // In a frame it lies where it is wanted as far as cards let it; elsewhere it keeps clear of frames.
  const frames = group ? [] : [...graph.groups.values()].filter(({ collapsed }) => !collapsed);
  const place = freePlaceNear({ x, y }, NOTE_SIZE, [...cardRects(editor), ...frames, ...seenNotes(graph)]);
  const into = groupForNote(graph, { ...place, ...NOTE_SIZE });
  editor.apply([{ op: "add_note", id, ...place, ...NOTE_SIZE, group: into }], { label: "Add a note" });
  return id;
}

/** A frame that is dragged by a corner, on the grid and no smaller than two steps. */
export function stretched({ x, y, width, height }: Rect, by: Point): Rect {
  const least = 4 * GRID;
  return { x, y, width: Math.max(least, snap(width + by.x)), height: Math.max(least, snap(height + by.y)) };
}

/** The notes of a group, moved with it. */
function shiftedNotes(graph: Graph, group: string, by: Point): Op[] {
  return notesIn(graph, group).map((note): Op => {
    return { op: "set_note", id: note.id, fields: shifted(note, by) };
  });
}

/** The group that a note comes to lie in, where that is another. */
function joined(graph: Graph, note: FlowNote, by: Point): { group?: string | null } {
  if (graph.groups.size === 0) return {};
  const group = groupForNote(graph, { ...note, ...shifted(note, by) });
  return group === note.group ? {} : { group };
}

function shifted({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}

function withRect(graph: Graph, id: string, rect: Rect): Graph {
  const group = graph.groups.get(id);
  if (!group) return graph;
  return { ...graph, groups: new Map([...graph.groups, [id, { ...group, ...rect }]]) };
}
