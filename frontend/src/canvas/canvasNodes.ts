import { Position, type Node, type NodeHandle } from "@xyflow/react";
import {
  heightWithNote,
  layoutCard,
  PORT_SIZE,
  type CardLayout,
  type Point,
  type WiredPort,
} from "../core/geometry";
import { count } from "../core/format";
import type { Graph } from "../core/graph";
import { findPort, portsOf, type OwnPorts } from "../core/ports";
import type { Catalogue, FlowNode, Port, PortPosition } from "../core/types";

export interface CardData extends Record<string, unknown> {
  readonly layout: CardLayout;
  /** Names of wired ports, outputs with a leading `>`. */
  readonly wired: string;
  /** The card with the comment below it, px. */
  readonly fullHeight: number;
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
  ownPorts: OwnPorts;
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

  build({ graph, catalogue, ownPorts, selected, dragged }: Inputs): CanvasNode[] {
    if (this.wiredFor !== graph.edges) {
      this.wiredFor = graph.edges;
      this.wired = wiredPorts(graph);
    }
    const next = new Map<string, Made>();
    for (const from of graph.nodes.values()) {
      const wired = this.wired.get(from.id) ?? [];
      const layout = this.layouts.get(portsOf(catalogue, ownPorts, from), wired);
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

/** Id of the card's live line. */
export function describing(node: string): string {
  return `live-${node}`;
}

/** Id of the card's state mark. */
export function stateOf(node: string): string {
  return `state-${node}`;
}

/** "Visits, stateful counter, 3 inputs, 1 output". */
function nameOf({ label, component }: FlowNode, { ports }: CardLayout): string {
  const outputs = ports.filter((port) => port.source && !port.missing).length;
  const inputs = ports.filter((port) => !port.source && !port.missing).length;
  const parts = [label || component];
  if (label !== "") parts.push(component.replaceAll("_", " "));
  if (inputs > 0) parts.push(count(inputs, "input"));
  if (outputs > 0) parts.push(count(outputs, "output"));
  return parts.join(", ");
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
    data: { layout, wired, fullHeight: heightWithNote(layout, from.comment) },
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
    ariaLabel: nameOf(from, layout),
    // Read out with the name when the card gets the focus: its state, and its error or what it is doing. Tab stops
    // at what is selected only; arrow keys walk from there.
    domAttributes: {
      "aria-describedby": `${stateOf(from.id)} ${describing(from.id)}`,
      tabIndex: selected ? 0 : -1,
    },
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

/** One layout per list of ports, and one more for each set of ports that it should not be wired at. */
class LayoutCache {
  private readonly layouts = new WeakMap<readonly Port[], Map<string, CardLayout>>();

  get(ports: readonly Port[], wired: readonly WiredPort[]): CardLayout {
    let known = this.layouts.get(ports);
    if (!known) this.layouts.set(ports, (known = new Map()));
    const missing = wired.filter(({ name, source }) => !findPort(ports, name, source));
    const key = missing.map(wiredKey).join("\n");
    let layout = known.get(key);
    if (!layout) known.set(key, (layout = layoutCard(ports, missing)));
    return layout;
  }
}
