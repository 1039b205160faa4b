import type { Edge } from "@xyflow/react";
import type { Rect } from "../core/geometry";
import type { Scene, SceneCard } from "../core/scene";
import type { FlowEdge } from "../core/types";
import { ALL_UP_TO } from "../core/visible";
import { backLevel, leadsBack, type WireEnd } from "../core/wirePath";

export interface WireData extends Record<string, unknown> {
  readonly start: WireEnd;
  readonly end: WireEnd;
  /** On which height a wire that leads back is free of cards; undefined where that is not asked. */
  readonly level: number | undefined;
  /** The cards in whose way it may be; none in a larger flow, where looking at all of them would cost more than it shows. */
  readonly around: () => Iterable<Rect>;
}
export type CanvasEdge = Edge<WireData, "wire">;

interface Inputs {
  readonly scene: Scene;
  /** The scene's: what is built is of this version. */
  readonly version: number;
  readonly wires: Iterable<string>;
  readonly selected: ReadonlySet<string>;
}

interface Made {
  readonly from: FlowEdge;
  readonly source: SceneCard;
  readonly target: SceneCard;
  /** Whether it was the only wire selected. */
  readonly only: boolean;
  readonly made: CanvasEdge;
}

/**
 * Turns wires into what the canvas library draws. Their ends are given with them: a wire that asked the library for its
 * cards would be woken whenever the view moves. A wire that did not change keeps its object.
 */
export class CanvasEdges {
  private cache = new Map<string, Made>();
  private last: CanvasEdge[] = [];

  build({ scene, wires, selected }: Inputs): CanvasEdge[] {
    const next = new Map<string, Made>();
    for (const id of wires) {
      const from = scene.edge(id);
      const source = from && scene.card(from.source);
      const target = from && scene.card(from.target);
      if (!source || !target) continue;
      const isSelected = selected.has(id);
      const only = isSelected && selected.size === 1;
      const old = this.cache.get(id);
      const isSame =
        old?.from === from && old.source === source && old.target === target && isUnmoved(scene, old.made);
      if (isSame && old.made.selected === isSelected && old.only === only) next.set(id, old);
      else {
        const data = isSame ? old.made.data : dataOf(scene, from, source, target);
        if (data)
          next.set(id, {
            from,
            source,
            target,
            only,
            made: make(from, source, target, data, only, isSelected),
          });
      }
    }
    this.cache = next;
    const made = Array.from(next.values(), ({ made }) => made);
    // The same list says that there is nothing to tell anybody.
    const same = made.length === this.last.length && made.every((edge, index) => edge === this.last[index]);
    return same ? this.last : (this.last = made);
  }
}

/** Whether no card has come into its way, or gone out of it. */
function isUnmoved(scene: Scene, { data }: CanvasEdge): boolean {
  return data?.level === undefined || data.level === levelOf(scene, data.start, data.end);
}

function dataOf(scene: Scene, edge: FlowEdge, source: SceneCard, target: SceneCard): WireData | undefined {
  const start = endAt(source, edge.source_port, true);
  const end = endAt(target, edge.target_port, false);
  return start && end && { start, end, level: levelOf(scene, start, end), around: () => around(scene) };
}

/** The middle of the port's dot. */
function endAt({ node, layout, rect }: SceneCard, name: string, source: boolean): WireEnd | undefined {
  const port = layout.ports.find((one) => one.source === source && one.name === name);
  return port && { side: port.position, x: node.x + port.x, y: node.y + port.y, card: rect };
}

function levelOf(scene: Scene, start: WireEnd, end: WireEnd): number | undefined {
  return leadsBack(start, end) ? backLevel(start, end, around(scene)) : undefined;
}

function around({ cards }: Scene): Iterable<Rect> {
  return cards.size > ALL_UP_TO ? [] : cards.rects();
}

function make(
  edge: FlowEdge,
  source: SceneCard,
  target: SceneCard,
  data: WireData,
  only: boolean,
  selected: boolean,
): CanvasEdge {
  return {
    id: edge.id,
    type: "wire",
    source: edge.source,
    sourceHandle: edge.source_port,
    target: edge.target,
    targetHandle: edge.target_port,
    data,
    selected,
    // Only there can its ends be taken: two elements more for each wire would be many.
    reconnectable: only,
    domAttributes: { tabIndex: selected ? 0 : -1 },
    ariaLabel: `Wire from ${source.node.label}, ${edge.source_port}, to ${target.node.label}, ${edge.target_port}`,
  };
}
