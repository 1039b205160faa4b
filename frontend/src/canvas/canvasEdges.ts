import type { Edge } from "@xyflow/react";
import type { Scene } from "../core/scene";
import type { FlowEdge } from "../core/types";

export type CanvasEdge = Edge<Record<string, never>, "wire">;

interface Inputs {
  readonly scene: Scene;
  /** The scene's: what is built is of this version. */
  readonly version: number;
  readonly wires: Iterable<string>;
  readonly selected: ReadonlySet<string>;
}

/** Turns wires into what the canvas library draws; a wire that did not change keeps its object. */
export class CanvasEdges {
  private cache = new Map<string, { from: FlowEdge; made: CanvasEdge }>();

  build({ scene, wires, selected }: Inputs): CanvasEdge[] {
    const next = new Map<string, { from: FlowEdge; made: CanvasEdge }>();
    for (const id of wires) {
      const from = scene.edge(id);
      if (!from) continue;
      const isSelected = selected.has(id);
      const old = this.cache.get(id);
      const same = old && old.from === from && old.made.selected === isSelected;
      next.set(id, same ? old : { from, made: make(scene, from, isSelected) });
    }
    this.cache = next;
    return Array.from(next.values(), ({ made }) => made);
  }
}

function make(scene: Scene, edge: FlowEdge, selected: boolean): CanvasEdge {
  const name = (id: string) => scene.card(id)?.node.label ?? id;
  return {
    id: edge.id,
    type: "wire",
    source: edge.source,
    sourceHandle: edge.source_port,
    target: edge.target,
    targetHandle: edge.target_port,
    selected,
    // Only there are its ends in the page: two elements for each wire would be many.
    reconnectable: selected,
    domAttributes: { tabIndex: selected ? 0 : -1 },
    ariaLabel: `Wire from ${name(edge.source)}, ${edge.source_port}, to ${name(edge.target)}, ${edge.target_port}`,
  };
}
