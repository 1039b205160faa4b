import { Position, type Node, type NodeHandle } from "@xyflow/react";
import { findComponent } from "../core/catalogue";
import { layoutCard, PORT_SIZE, type CardLayout, type Point, type WiredPort } from "../core/geometry";
import type { Graph } from "../core/graph";
import type { Catalogue, FlowNode, PortPosition } from "../core/types";

export interface CardData extends Record<string, unknown> {
  readonly layout: CardLayout;
  /** Names of wired ports, outputs with a leading `>`. */
  readonly wired: string;
}
export type CanvasNode = Node<CardData, "card">;

export const POSITIONS: Record<PortPosition, Position> = {
  0: Position.Top,
  1: Position.Right,
  2: Position.Bottom,
  3: Position.Left,
};

interface Inputs {
  graph: Graph;
  catalogue: Catalogue;
  selected: ReadonlySet<string>;
  /** Where nodes are while a drag is going on. */
  dragged: ReadonlyMap<string, Point>;
}

interface Made {
  from: FlowNode;
  at: Point | undefined;
  made: CanvasNode;
}

/**
 * Turns the graph into what the canvas library draws. Sizes and port places are given up front, so that
 * nothing has to be measured in the page; a node that did not change keeps its object, so that only cards
 * that did change are drawn again.
 */
export class CanvasNodes {
  private cache = new Map<string, Made>();
  private readonly layouts = new LayoutCache();
  private wiredFor: Graph["edges"] | null = null;
  private wired = new Map<string, WiredPort[]>();

  build({ graph, catalogue, selected, dragged }: Inputs): CanvasNode[] {
    if (this.wiredFor !== graph.edges) {
      this.wiredFor = graph.edges;
      this.wired = wiredPorts(graph);
    }
    const next = new Map<string, Made>();
    for (const from of graph.nodes.values()) {
      const wired = this.wired.get(from.id) ?? [];
      const layout = this.layouts.get(catalogue, from, wired);
      const wiredNames = wired.map(wiredKey).join("\n");
      const at = dragged.get(from.id);
      const isSelected = selected.has(from.id);
      const old = this.cache.get(from.id);
      const same =
        old &&
        old.from === from &&
        old.at === at &&
        old.made.selected === isSelected &&
        old.made.data.layout === layout &&
        old.made.data.wired === wiredNames;
      next.set(from.id, same ? old : { from, at, made: make(from, at, isSelected, layout, wiredNames) });
    }
    this.cache = next;
    return Array.from(next.values(), ({ made }) => made);
  }
}

export function wiredKey({ name, source }: WiredPort): string {
  return source ? `>${name}` : name;
}

function make(
  from: FlowNode,
  at: Point | undefined,
  selected: boolean,
  layout: CardLayout,
  wired: string,
): CanvasNode {
  const { width, height } = layout;
  return {
    id: from.id,
    type: "card",
    position: at ?? { x: from.x, y: from.y },
    data: { layout, wired },
    selected,
    width,
    height,
    measured: { width, height },
    handles: layout.ports.map((port): NodeHandle => {
      return {
        id: port.name,
        type: port.source ? "source" : "target",
        position: POSITIONS[port.position],
        x: port.x - PORT_SIZE / 2,
        y: port.y - PORT_SIZE / 2,
        width: PORT_SIZE,
        height: PORT_SIZE,
      };
    }),
    ariaLabel: `Node ${from.label || from.component}`,
  };
}

function wiredPorts(graph: Graph): Map<string, WiredPort[]> {
  const byNode = new Map<string, Map<string, WiredPort>>();
  const add = (node: string, port: WiredPort): void => {
    let ports = byNode.get(node);
    if (!ports) byNode.set(node, (ports = new Map()));
    ports.set(wiredKey(port), port);
  };
  for (const edge of graph.edges.values()) {
    add(edge.source, { name: edge.source_port, source: true });
    add(edge.target, { name: edge.target_port, source: false });
  }
  return new Map(Array.from(byNode, ([id, ports]) => [id, [...ports.values()]]));
}

/** One layout per component, and one more for each set of ports that it should not be wired at. */
class LayoutCache {
  private catalogue: Catalogue | null = null;
  private readonly layouts = new Map<string, CardLayout>();

  get(catalogue: Catalogue, node: FlowNode, wired: readonly WiredPort[]): CardLayout {
    if (this.catalogue !== catalogue) {
      this.catalogue = catalogue;
      this.layouts.clear();
    }
    const component = findComponent(catalogue, node.module, node.component);
    const missing = wired.filter(({ name, source }) => {
      return !component?.ports.some((port) => port.name === name && port.source === source);
    });
    const key = [node.module, node.component, ...missing.map(wiredKey)].join("\n");
    let layout = this.layouts.get(key);
    if (!layout) this.layouts.set(key, (layout = layoutCard(component, missing)));
    return layout;
  }
}
