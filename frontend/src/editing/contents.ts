import { isLoaded } from "../core/contents";
import { deliveryOf, type Delivery } from "../core/delivery";
import type { EditorHandle } from "../core/editorTypes";
import { findPort } from "../core/ports";
import type { FlowEdge, FlowGroup, FlowNote, JsonObject, LoadedEdge, LoadedNode } from "../core/types";
import { withoutSecrets } from "./secrets";

/** What is copied, as it stands on the clipboard: docs/clipboard.md. */
export interface Contents {
  readonly weirflow: 1;
  /** The flow's id where the nodes were cut out: pasted there again they keep what they can. */
  readonly cut_from?: string;
  readonly nodes: readonly CopiedNode[];
  readonly edges: readonly CopiedEdge[];
  readonly groups: readonly CopiedGroup[];
  readonly notes: readonly CopiedNote[];
}

export type CopiedNode = Pick<
  LoadedNode,
  "id" | "module" | "component" | "label" | "comment" | "x" | "y" | "settings" | "schemas"
> & { readonly group?: string };
export type CopiedEdge = Pick<LoadedEdge, "source" | "source_port" | "target" | "target_port" | "mapping"> &
  Partial<Delivery>;
export type CopiedGroup = Omit<FlowGroup, "rev">;
export type CopiedNote = Omit<FlowNote, "rev" | "group"> & { readonly group?: string };

export interface Copy {
  readonly contents: Contents;
  /** How many secret values were left out. */
  readonly leftOut: number;
}

/** The nodes and wires that a copy holds: what has to be read before it is taken. */
export function idsInCopy(editor: EditorHandle, cut: boolean, { nodes } = editor.selection.get()): string[] {
  const wires = [...editor.graph.edges.values()].filter((edge) => comesAlong(edge, nodes, cut));
  return [...nodes, ...wires.map(({ id }) => id)];
}

/**
 * The selected nodes and the wires between them; of a cut also the wires that led to others. Groups come along of
 * which all nodes are selected, and with them the notes that lie in them. Null when no node is selected, and
 * while not all of it is loaded.
 */
export function copySelection(
  editor: EditorHandle,
  cut: boolean,
  { nodes: ids } = editor.selection.get(),
): Copy | null {
  let leftOut = 0;
  const clean = (...asked: Parameters<typeof withoutSecrets>): JsonObject => {
    const { value, removed } = withoutSecrets(...asked);
    leftOut += removed;
    return value;
  };
  const groups = wholeGroups(editor, ids);
  const nodes: CopiedNode[] = [];
  for (const id of ids) {
    const node = editor.graph.nodes.get(id);
    if (!node) continue;
    if (!isLoaded(node)) return null;
    const { module, component, label, comment, x, y, group, schemas } = node;
    const more = {
      ...(group && groups.has(group) ? { group } : {}),
      ...(schemas && Object.keys(schemas).length > 0 ? { schemas } : {}),
    };
    const schema = findPort(editor.portsOf(id), "_settings", false)?.schema ?? null;
    const settings = clean(schema, node.settings);
    nodes.push({ id, module, component, label, comment, x, y, settings, ...more });
  }
  if (nodes.length === 0) return null;
  const edges: CopiedEdge[] = [];
  for (const edge of editor.graph.edges.values()) {
    if (!comesAlong(edge, ids, cut)) continue;
    if (!isLoaded(edge)) return null;
    const { source, source_port, target, target_port } = edge;
    const schema = findPort(editor.portsOf(target), target_port, false)?.schema ?? null;
    const mapping = clean(schema, edge.mapping);
    edges.push({ source, source_port, target, target_port, mapping, ...deliveryOf(edge) });
  }
  const from = cut ? { cut_from: editor.flow.get().id } : {};
  const frames = {
    groups: [...groups.values()].map(unnumbered),
    notes: notesIn(editor, groups).map(copiedNote),
  };
  return { contents: { weirflow: 1, ...from, nodes, edges, ...frames }, leftOut };
}

function comesAlong({ source, target }: FlowEdge, nodes: ReadonlySet<string>, cut: boolean): boolean {
  return Number(nodes.has(source)) + Number(nodes.has(target)) >= (cut ? 1 : 2);
}

/** Groups of which every node is among these. */
function wholeGroups(editor: EditorHandle, ids: ReadonlySet<string>): Map<string, FlowGroup> {
  const found = new Map<string, FlowGroup>();
  for (const id of ids) {
    const group = editor.graph.groups.get(editor.graph.nodes.get(id)?.group ?? "");
    if (group) found.set(group.id, group);
  }
  for (const node of editor.graph.nodes.values())
    if (node.group && !ids.has(node.id)) found.delete(node.group);
  return found;
}

/** Notes by themselves. */
export function copyNotes(notes: Iterable<FlowNote>): Contents {
  return { weirflow: 1, nodes: [], edges: [], groups: [], notes: [...notes].map(copiedNote) };
}

function copiedNote({ rev: _, group, ...note }: FlowNote): CopiedNote {
  return group === null ? note : { ...note, group };
}

function notesIn(editor: EditorHandle, groups: ReadonlyMap<string, FlowGroup>): FlowNote[] {
  const within = (note: FlowNote, group: FlowGroup) =>
    note.x >= group.x &&
    note.y >= group.y &&
    note.x + note.width <= group.x + group.width &&
    note.y + note.height <= group.y + group.height;
  return [...editor.graph.notes.values()].filter((note) =>
    note.group === null ? [...groups.values()].some((group) => within(note, group)) : groups.has(note.group),
  );
}

function unnumbered<T extends { rev: number }>({ rev: _, ...row }: T): Omit<T, "rev"> {
  return row;
}

export function toText(contents: Contents): string {
  return JSON.stringify(contents, null, 2);
}
