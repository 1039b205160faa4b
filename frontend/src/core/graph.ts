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
