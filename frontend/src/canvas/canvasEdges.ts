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

interface Made {
  readonly from: FlowEdge;
  /** Whether it was the only wire selected. */
  readonly only: boolean;
  readonly made: CanvasEdge;
}

/** Turns wires into what the canvas library draws; a wire that did not change keeps its object. */
export class CanvasEdges {
  private cache = new Map<string, Made>();

  build({ scene, wires, selected }: Inputs): CanvasEdge[] {
    const next = new Map<string, Made>();
    for (const id of wires) {
      const from = scene.edge(id);
      if (!from) continue;
      const isSelected = selected.has(id);
      const only = isSelected && selected.size === 1;
      const old = this.cache.get(id);
      const same = old && old.from === from && old.made.selected === isSelected && old.only === only;
      next.set(id, same ? old : { from, only, made: make(scene, from, isSelected, only) });
    }
    this.cache = next;
    return Array.from(next.values(), ({ made }) => made);
  }
}

function make(scene: Scene, edge: FlowEdge, selected: boolean, only: boolean): CanvasEdge {
  const name = (id: string) => scene.card(id)?.node.label ?? id;
  return {
    id: edge.id,
    type: "wire",
    source: edge.source,
    sourceHandle: edge.source_port,
    target: edge.target,
    targetHandle: edge.target_port,
    selected,
    // Only there can its ends be taken: two elements more for each wire would be many.
    reconnectable: selected && only,
    domAttributes: { tabIndex: selected ? 0 : -1 },
    ariaLabel: `Wire from ${name(edge.source)}, ${edge.source_port}, to ${name(edge.target)}, ${edge.target_port}`,
  };
}
