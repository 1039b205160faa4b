import type { Edge } from "@xyflow/react";
import type { Graph } from "../core/graph";
import type { FlowEdge } from "../core/types";

export type CanvasEdge = Edge<Record<string, never>, "wire">;

/** Turns wires into what the canvas library draws; a wire that did not change keeps its object. */
export class CanvasEdges {
  private cache = new Map<string, { from: FlowEdge; made: CanvasEdge }>();

  build(graph: Graph, selected: ReadonlySet<string>): CanvasEdge[] {
    const next = new Map<string, { from: FlowEdge; made: CanvasEdge }>();
    for (const from of graph.edges.values()) {
      const isSelected = selected.has(from.id);
      const old = this.cache.get(from.id);
      const same = old && old.from === from && old.made.selected === isSelected;
      next.set(from.id, same ? old : { from, made: make(graph, from, isSelected) });
    }
    this.cache = next;
    return Array.from(next.values(), ({ made }) => made);
  }
}

function make(graph: Graph, edge: FlowEdge, selected: boolean): CanvasEdge {
  const name = (id: string) => graph.nodes.get(id)?.label ?? id;
  return {
    id: edge.id,
    type: "wire",
    source: edge.source,
    sourceHandle: edge.source_port,
    target: edge.target,
    targetHandle: edge.target_port,
    selected,
    domAttributes: { tabIndex: selected ? 0 : -1 },
    ariaLabel: `Wire from ${name(edge.source)}, ${edge.source_port}, to ${name(edge.target)}, ${edge.target_port}`,
  };
}
