import { findComponent } from "../core/catalogue";
import type { EditorHandle } from "../core/editorTypes";
import { bounds, GRID, HEAD_HEIGHT, NODE_WIDTH, snap, type Point } from "../core/geometry";
import { groupFor, groupForNote } from "../core/groups/frames";
import { newNodeId, newUuid } from "../core/ids";
import type { Op } from "../core/types";
import type { Contents, CopiedEdge } from "./contents";
import { named } from "./mapping";
import { deliveryOps, schemaOps } from "./rowOps";

const NODE_ID = /^[a-z][a-z0-9]{11}$/;
/** Pasted so often on one place, the next copy lies on another one's corner; nobody gets that far. */
const MAX_STEPS = 50;

/**
 * Adds copied nodes with their middle at `middle`, on the grid, and a step aside where a node of the flow lies
 * already; selects them. They get ids of their own, but what was cut out of this flow gets its old ones back,
 * and with them its wires to nodes that are still there, its resource name and its last state.
 */
export function paste(editor: EditorHandle, contents: Contents, middle: Point): void {
  const { nodes } = editor.graph;
  const isBack = contents.cut_from !== undefined && contents.cut_from === editor.flow.get().id;
  const ids = new Map<string, string>();
  for (const { id } of contents.nodes) {
    ids.set(id, isBack && NODE_ID.test(id) && !nodes.has(id) ? id : newNodeId());
  }
  const shift = shiftOf(editor, contents, middle);
  const groups = new Map(contents.groups.map(({ id }) => [id, newUuid()]));
  const ops: Op[] = contents.groups.map((row) => {
    return { op: "add_group", ...moved(row, shift), id: groups.get(row.id) as string };
  });
  for (const { group, ...row } of contents.notes) {
    const placed = moved(row, shift);
    const into = groups.get(group ?? "") ?? groupForNote(editor.graph, placed);
    ops.push({ op: "add_note", ...placed, id: newUuid(), group: into });
  }
  for (const { schemas, group, ...row } of contents.nodes) {
    const id = ids.get(row.id) as string;
    const placed = moved(row, shift);
    const into = groups.get(group ?? "") ?? groupFor(editor.graph, placed);
    ops.push({ op: "add_node", ...placed, id, group: into });
    ops.push(...schemaOps(id, schemas));
  }
  const end = (id: string) => ids.get(id) ?? (isBack && nodes.has(id) ? id : undefined);
  for (const edge of contents.edges) {
    const [source, target] = [end(edge.source), end(edge.target)];
    if (!source || !target) continue;
    const wire = { ...edge, source, target };
    if (!ids.has(edge.source) || !ids.has(edge.target)) {
      if (isWired(editor, wire)) continue;
    }
    const { source_port, target_port, mapping } = wire;
    const id = newUuid();
    ops.push({ op: "add_edge", id, source, source_port, target, target_port, mapping });
    ops.push(...deliveryOps(id, wire));
  }
  const count = contents.nodes.length;
  const label = count > 1 ? `Paste ${String(count)} nodes` : count === 1 ? "Paste a node" : "Paste notes";
  editor.apply(ops, { label, pasted: true });
  if (!editor.can.get().edit) return;
  editor.select({ nodes: ids.values() });
  sayUnknown(editor, contents, label);
}

function moved<T extends Point>(row: T, by: Point): T {
  return { ...row, x: row.x + by.x, y: row.y + by.y };
}

function shiftOf(editor: EditorHandle, { nodes, notes }: Contents, middle: Point): Point {
  const cards = nodes.map(({ x, y }) => ({ x, y, width: NODE_WIDTH, height: HEAD_HEIGHT }));
  const rects = cards.length > 0 ? cards : notes;
  const box = bounds(rects);
  if (!box) return { x: 0, y: 0 };
  const taken = new Set(Array.from(editor.graph.nodes.values(), placeOf));
  let shift = {
    x: snap(middle.x - box.x - box.width / 2),
    y: snap(middle.y - box.y - box.height / 2),
  };
  const lands = ({ x, y }: Point) => taken.has(placeOf({ x: x + shift.x, y: y + shift.y }));
  for (let steps = 0; steps < MAX_STEPS && nodes.some(lands); steps++) {
    shift = { x: shift.x + GRID, y: shift.y + GRID };
  }
  return shift;
}

function placeOf({ x, y }: Point): string {
  return `${String(x)} ${String(y)}`;
}

function isWired(editor: EditorHandle, wire: CopiedEdge): boolean {
  for (const edge of editor.graph.edges.values()) {
    const same =
      edge.source === wire.source &&
      edge.source_port === wire.source_port &&
      edge.target === wire.target &&
      edge.target_port === wire.target_port;
    if (same) return true;
  }
  return false;
}

/** Nodes of components nobody offers here come in as they are; each of them says it, and so does one notice. */
function sayUnknown(editor: EditorHandle, contents: Contents, label: string): void {
  const catalogue = editor.catalogue.get();
  if (catalogue.components.length === 0) return;
  const unknown = contents.nodes.filter(
    ({ module, component }) => !findComponent(catalogue, module, component),
  );
  if (unknown.length === 0) return;
  const names = [...new Set(unknown.map(({ module, component }) => `${module}/${component}`))];
  const message = `${label}: no module here offers ${named(names)}. Install the module, or delete what needs it.`;
  editor.notify({ code: "unknown_component", message }, "warning");
}
