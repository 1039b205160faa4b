import type { EditorHandle } from "../editorTypes";
import { bounds, GRID, NODE_WIDTH, type Rect } from "../geometry";
import { differences, type Graph } from "../graph";
import type { Unsubscribe } from "../store";
import type { FlowEdge, FlowNode, Port } from "../types";
import { bordersOf, type Side } from "./borderIds";
import type { Drawn } from "./drawing";
import { keyOf } from "./fold";
import { cardRect } from "./frames";

/** From the outermost card of a group to the border of its view. */
const GAP = 4 * GRID;

/** One port outside that wires lead to or from, and the nodes inside at their other ends. */
interface Crossing {
  readonly node: string;
  readonly port: string;
  readonly inside: string[];
}

interface Border {
  readonly card: FlowNode;
  readonly ports: readonly Port[];
}

/**
 * A group's view as it is drawn: its nodes, and at its left and right border a card with a port for each port outside that
 * wires of the group come from or lead to. A wire that crosses the border ends there.
 */
export class Borders implements Drawn {
  private from: Graph | null = null;
  private drawn: Graph | null = null;
  private ports = new Map<string, readonly Port[]>();
  private bent = new Map<string, { edge: FlowEdge; made: FlowEdge }>();
  private cards = new Map<string, FlowNode>();

  constructor(
    private readonly editor: EditorHandle,
    private readonly group: string,
  ) {}

  get graph(): Graph {
    const { whole } = this.editor;
    if (this.from !== whole || !this.drawn) {
      this.from = whole;
      this.drawn = this.draw();
    }
    return this.drawn;
  }

  get catalogue() {
    return this.editor.catalogue;
  }

  get ownPorts() {
    return this.editor.ownPorts;
  }

  portsOf(id: string): readonly Port[] {
    return this.ports.get(id) ?? this.editor.portsOf(id);
  }

  subscribe(listener: (touched: ReadonlySet<string>) => void): Unsubscribe {
    let before = this.graph;
    return this.editor.subscribe((touched) => {
      const after = this.graph;
      // The ports of a border are called by what is outside, which is no part of this graph.
      const borders = Object.values(bordersOf(this.group));
      listener(new Set([...touched, ...borders, ...differences(before, after)]));
      before = after;
    });
  }

  private draw(): Graph {
    const { graph } = this.editor;
    const found: Record<Side, Map<string, Crossing>> = { in: new Map(), out: new Map() };
    const edges = new Map<string, FlowEdge>();
    const bent = new Map<string, { edge: FlowEdge; made: FlowEdge }>();
    for (const [id, edge] of graph.edges) {
      const side = graph.nodes.has(edge.source) ? (graph.nodes.has(edge.target) ? null : "out") : "in";
      if (side) cross(found[side], edge, side);
      const old = this.bent.get(id);
      const made = side ? (old?.edge === edge ? old.made : bend(edge, side, this.group)) : edge;
      if (side) bent.set(id, { edge, made });
      edges.set(id, made);
    }
    this.bent = bent;
    const nodes = new Map(graph.nodes);
    const box = bounds(Array.from(graph.nodes.values(), (node) => cardRect(this.editor, node)));
    this.ports = new Map();
    for (const side of ["in", "out"] as const) {
      if (!box || found[side].size === 0) continue;
      const { card, ports } = this.border(side, [...found[side].values()], box);
      nodes.set(card.id, card);
      this.ports.set(card.id, ports);
    }
    return { ...graph, nodes, edges };
  }

  private border(side: Side, crossings: readonly Crossing[], box: Rect): Border {
    const { nodes } = this.editor.graph;
    const heights = (all: readonly string[]) => all.map((id) => nodes.get(id)?.y ?? box.y);
    const height = ({ inside }: Crossing) => mean(heights(inside));
    const ordered = [...crossings].sort((one, other) => height(one) - height(other));
    const ports = ordered.map((crossing): Port => {
      const source = side === "in";
      const name = keyOf(crossing.node, crossing.port, source);
      const label = this.labelOf(crossing, ordered);
      return { name, label, source, position: source ? 1 : 3, schema: null, configuration: null };
    });
    const id = bordersOf(this.group)[side];
    const wanted = mean(heights(ordered.flatMap(({ inside }) => inside)));
    const place = {
      x: side === "in" ? down(box.x - GAP - NODE_WIDTH) : -down(-(box.x + box.width + GAP)),
      y: down(Math.max(box.y, wanted - (Math.max(ports.length - 1, 0) * GRID) / 2)),
    };
    const label = side === "in" ? "From outside" : "To outside";
    const old = this.cards.get(id);
    const card = old?.x === place.x && old.y === place.y ? old : asNode(id, label, place);
    this.cards.set(id, card);
    return { card, ports };
  }

  /** By the node outside; with several ports of it, by these too. */
  private labelOf({ node, port }: Crossing, all: readonly Crossing[]): string {
    const outside = this.editor.whole.nodes.get(node);
    const name = outside?.label || outside?.component || node;
    return all.filter((other) => other.node === node).length > 1 ? `${name}, ${port}` : name;
  }
}

function cross(found: Map<string, Crossing>, edge: FlowEdge, side: Side): void {
  const [node, port] = side === "in" ? [edge.source, edge.source_port] : [edge.target, edge.target_port];
  const key = keyOf(node, port, side === "in");
  const crossing = found.get(key) ?? { node, port, inside: [] };
  crossing.inside.push(side === "in" ? edge.target : edge.source);
  found.set(key, crossing);
}

function bend(edge: FlowEdge, side: Side, group: string): FlowEdge {
  const border = bordersOf(group)[side];
  return side === "in"
    ? { ...edge, source: border, source_port: keyOf(edge.source, edge.source_port, true) }
    : { ...edge, target: border, target_port: keyOf(edge.target, edge.target_port, false) };
}

function asNode(id: string, label: string, place: { x: number; y: number }): FlowNode {
  return {
    ...{ id, name: "", module: "", component: "border", label, comment: "", ...place },
    ...{ group: null, foreign: null, shared: [], settings: {}, rev: 0 },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

function down(value: number): number {
  return Math.floor(value / GRID) * GRID;
}
