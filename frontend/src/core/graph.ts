import type { FlowDocument, FlowEdge, FlowGroup, FlowNode, FlowNote } from "./types";

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

type Rows = Pick<FlowDocument, "nodes" | "edges"> & Partial<Pick<FlowDocument, "groups" | "notes">>;

export function graphOf({ nodes, edges, groups = [], notes = [] }: Rows): Graph {
  return { nodes: byId(nodes), edges: byId(edges), groups: byId(groups), notes: byId(notes) };
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
