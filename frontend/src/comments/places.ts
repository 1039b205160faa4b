import type { Graph } from "../core/graph";
import type { FlowNode } from "../core/types";
import type { CommentPlace } from "../live/commentHints";

export interface NamedPlace {
  readonly name: string;
  /** Its node or wire is not in the flow: deleted, and back with an undo, or moved to another flow. */
  readonly gone: boolean;
}

/** What a place is called now; `label` is what it was called, where it is gone. */
export function namedPlace(graph: Graph, { node, edge }: CommentPlace, label = ""): NamedPlace {
  if (node !== null) {
    const found = graph.nodes.get(node);
    return found ? { name: nameOf(found), gone: false } : gone("node", label);
  }
  if (edge !== null) {
    const found = graph.edges.get(edge);
    if (!found) return gone("wire", label);
    const source = end(graph, found.source, found.source_port);
    return { name: `${source} → ${end(graph, found.target, found.target_port)}`, gone: false };
  }
  return { name: "The flow", gone: false };
}

/** The only node or wire that is selected; else the flow. */
export function selectedPlace(nodes: ReadonlySet<string>, edges: ReadonlySet<string>): CommentPlace {
  const [node = null] = nodes;
  const [edge = null] = edges;
  return nodes.size + edges.size === 1 ? { node, edge } : { node: null, edge: null };
}

export function isSamePlace(one: CommentPlace, other: CommentPlace): boolean {
  return one.node === other.node && one.edge === other.edge;
}

function gone(what: string, label: string): NamedPlace {
  return { name: `Deleted ${what} ${label}`.trim(), gone: true };
}

function end(graph: Graph, node: string, port: string): string {
  const found = graph.nodes.get(node);
  return `${found ? nameOf(found) : node} · ${port}`;
}

function nameOf({ label, component }: FlowNode): string {
  return label || component;
}
