import type { FlowDocument, FlowEdge, FlowNode } from "./types";

/** The flow's content at one moment. Never changed in place: what did not change keeps its identity. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly edges: ReadonlyMap<string, FlowEdge>;
}

export const EMPTY_GRAPH: Graph = { nodes: new Map(), edges: new Map() };

export function graphOf(document: Pick<FlowDocument, "nodes" | "edges">): Graph {
  return {
    nodes: new Map(document.nodes.map((node) => [node.id, node])),
    edges: new Map(document.edges.map((edge) => [edge.id, edge])),
  };
}

/** Ids of nodes and edges that are not the same object in both graphs. */
export function differences(before: Graph, after: Graph): Set<string> {
  const ids = new Set<string>();
  for (const kind of ["nodes", "edges"] as const) {
    for (const [id, item] of before[kind]) if (after[kind].get(id) !== item) ids.add(id);
    for (const id of after[kind].keys()) if (!before[kind].has(id)) ids.add(id);
  }
  return ids;
}
