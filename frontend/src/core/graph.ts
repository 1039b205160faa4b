import { isLoaded, NOT_LOADED, type ContentsAnswer } from "./contents";
import type { EdgeRow, FlowDocument, FlowEdge, FlowGroup, FlowNode, FlowNote, NodeRow } from "./types";

/** The flow's content at one moment. Never changed in place: what did not change keeps its identity. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly edges: ReadonlyMap<string, FlowEdge>;
  readonly groups: ReadonlyMap<string, FlowGroup>;
  readonly notes: ReadonlyMap<string, FlowNote>;
}

export type GraphKind = keyof Graph;
export const GRAPH_KINDS: readonly GraphKind[] = ["nodes", "edges", "groups", "notes"];

export const EMPTY_GRAPH: Graph = { nodes: new Map(), edges: new Map(), groups: new Map(), notes: new Map() };

interface Rows extends Partial<Pick<FlowDocument, "groups" | "notes">> {
  readonly nodes: readonly (NodeRow | FlowNode)[];
  readonly edges: readonly (EdgeRow | FlowEdge)[];
}

export function graphOf({ nodes, edges, groups = [], notes = [] }: Rows): Graph {
  return {
    nodes: byId(nodes.map(nodeOf)),
    edges: byId(edges.map(edgeOf)),
    groups: byId(groups),
    notes: byId(notes),
  };
}

function nodeOf(row: NodeRow | FlowNode): FlowNode {
  return row.settings === undefined ? { ...row, settings: NOT_LOADED } : (row as FlowNode);
}

function edgeOf(row: EdgeRow | FlowEdge): FlowEdge {
  return row.mapping === undefined ? { ...row, mapping: NOT_LOADED } : (row as FlowEdge);
}

/** A graph that was read anew, with the contents that are known of what has not changed since. */
export function withKnown(fresh: Graph, known: Graph): Graph {
  const nodes = new Map(fresh.nodes);
  for (const [id, row] of nodes) {
    const old = known.nodes.get(id);
    if (!old || old.rev !== row.rev || !isLoaded(old)) continue;
    nodes.set(id, { ...row, settings: old.settings, ...(old.schemas && { schemas: old.schemas }) });
  }
  const edges = new Map(fresh.edges);
  for (const [id, row] of edges) {
    const old = known.edges.get(id);
    if (old?.rev === row.rev && isLoaded(old)) edges.set(id, { ...row, mapping: old.mapping });
  }
  return { ...fresh, nodes, edges };
}

/** The graph with contents that were read at `rev`, but for those of what changed since. */
export function withContents(graph: Graph, { rev, nodes: settings, edges: mappings }: ContentsAnswer): Graph {
  const nodes = new Map(graph.nodes);
  for (const [id, contents] of Object.entries(settings)) {
    const row = nodes.get(id);
    if (row && !isLoaded(row) && row.rev <= rev) nodes.set(id, { ...row, ...contents });
  }
  const edges = new Map(graph.edges);
  for (const [id, contents] of Object.entries(mappings)) {
    const row = edges.get(id);
    if (row && !isLoaded(row) && row.rev <= rev) edges.set(id, { ...row, ...contents });
  }
  return { ...graph, nodes, edges };
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** Ids of everything that is not the same object in both graphs. */
export function differences(before: Graph, after: Graph): Set<string> {
  const ids = new Set<string>();
  for (const kind of GRAPH_KINDS) {
    if (before[kind] === after[kind]) continue;
    for (const [id, item] of before[kind]) if (after[kind].get(id) !== item) ids.add(id);
    for (const id of after[kind].keys()) if (!before[kind].has(id)) ids.add(id);
  }
  return ids;
}
