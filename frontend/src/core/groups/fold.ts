import type { WireEnds } from "../connect";
import { isBorder } from "./borderIds";
import type { Graph } from "../graph";
import type { FlowEdge, FlowGroup, FlowNode, Port } from "../types";

/** What stands for a collapsed group in a folded graph has no module. */
export function isFold(node: Pick<FlowNode, "module">): boolean {
  return node.module === "";
}

/** Name of a collapsed card's port: the port inside that it leads to. */
export function keyOf(node: string, port: string, source: boolean): string {
  return `${node}:${port}:${source ? "out" : "in"}`;
}

/** The same wire between the nodes themselves. */
export function unfold(graph: Graph, ends: WireEnds): WireEnds {
  const [source, source_port] = inside(graph, ends.source, ends.source_port);
  const [target, target_port] = inside(graph, ends.target, ends.target_port);
  return source === ends.source && target === ends.target
    ? ends
    : { source, source_port, target, target_port };
}

/** The card that shows a node: itself, or the collapsed group that it stands in. */
export function cardOf(graph: Graph, node: string): string {
  const group = graph.nodes.get(node)?.group ?? null;
  return group !== null && graph.groups.get(group)?.collapsed ? group : node;
}

/** What is selected as cards: a collapsed group is when all of its nodes are. */
export function selectedCards(graph: Graph, nodes: ReadonlySet<string>): ReadonlySet<string> {
  const folds = [...graph.groups.values()].filter(({ collapsed }) => collapsed);
  if (folds.length === 0 || nodes.size === 0) return nodes;
  const left = new Map(folds.map(({ id }) => [id, { selected: 0, all: 0 }]));
  for (const node of graph.nodes.values()) {
    const count = left.get(node.group ?? "");
    if (!count) continue;
    count.all += 1;
    if (nodes.has(node.id)) count.selected += 1;
  }
  const whole = [...left].filter(([, { selected, all }]) => all > 0 && selected === all).map(([id]) => id);
  return new Set([...nodes, ...whole]);
}

/**
 * The graph as it is drawn: each collapsed group is one node with the group's id, and wires that cross its border end
 * on ports of its own. Wires inside are not drawn. A graph without collapsed groups is itself; what did not change
 * from one time to the next keeps its identity.
 */
export class Fold {
  private folds = new Map<string, { group: FlowGroup; node: FlowNode }>();
  private bent = new Map<string, { edge: FlowEdge; made: FlowEdge }>();
  private ports = new Map<string, { key: string; ports: readonly Port[] }>();

  of(graph: Graph): Graph {
    const collapsed = [...graph.groups.values()].filter((group) => group.collapsed);
    if (collapsed.length === 0) {
      this.ports.clear();
      return graph;
    }
    const nodes = new Map<string, FlowNode>();
    for (const [id, node] of graph.nodes) if (cardOf(graph, id) === id) nodes.set(id, node);
    const folds = new Map<string, { group: FlowGroup; node: FlowNode }>();
    for (const group of collapsed) {
      const old = this.folds.get(group.id);
      const fold = old?.group === group ? old : { group, node: asNode(group) };
      folds.set(group.id, fold);
      nodes.set(group.id, fold.node);
    }
    this.folds = folds;
    const edges = this.bend(graph);
    this.derivePorts(graph, collapsed);
    return { ...graph, nodes, edges };
  }

  /** The ports of a collapsed group, in the order of its card; undefined for anything else. */
  portsOf(id: string): readonly Port[] | undefined {
    return this.ports.get(id)?.ports;
  }

  private bend(graph: Graph): Map<string, FlowEdge> {
    const edges = new Map<string, FlowEdge>();
    const bent = new Map<string, { edge: FlowEdge; made: FlowEdge }>();
    for (const [id, edge] of graph.edges) {
      const source = cardOf(graph, edge.source);
      const target = cardOf(graph, edge.target);
      if (source === edge.source && target === edge.target) edges.set(id, edge);
      else if (source !== target) {
        const old = this.bent.get(id);
        const same = old?.edge === edge && old.made.source === source && old.made.target === target;
        const made = same ? old.made : bend(edge, source, target);
        bent.set(id, { edge, made });
        edges.set(id, made);
      }
    }
    this.bent = bent;
    return edges;
  }

  private derivePorts(graph: Graph, collapsed: readonly FlowGroup[]): void {
    const next = new Map<string, { key: string; ports: readonly Port[] }>();
    const found = new Map(collapsed.map(({ id }) => [id, new Map<string, Crossing>()]));
    for (const { edge, made } of this.bent.values()) {
      const { source, source_port, target, target_port } = edge;
      if (made.source !== source)
        found.get(made.source)?.set(made.source_port, { node: source, port: source_port, source: true });
      if (made.target !== target)
        found.get(made.target)?.set(made.target_port, { node: target, port: target_port, source: false });
    }
    for (const group of collapsed) {
      const ports = derived(graph, group, [...(found.get(group.id)?.values() ?? [])]);
      const key = JSON.stringify(ports);
      const old = this.ports.get(group.id);
      next.set(group.id, old?.key === key ? old : { key, ports });
    }
    this.ports = next;
  }
}

/** The ports of a group's card, as they are called while nobody has given them a name. */
export function cardPorts(graph: Graph, group: FlowGroup): readonly Port[] {
  const fold = new Fold();
  fold.of({ ...graph, groups: new Map([[group.id, { ...group, collapsed: true, ports: {} }]]) });
  return fold.portsOf(group.id) ?? [];
}

interface Crossing {
  readonly node: string;
  readonly port: string;
  readonly source: boolean;
}

/** Top to bottom, then left to right, then by name: the order in which the nodes inside are read. */
function derived(graph: Graph, group: FlowGroup, crossings: readonly Crossing[]): Port[] {
  const place = ({ node }: Crossing) => graph.nodes.get(node) ?? { x: 0, y: 0, id: node };
  const ordered = [...crossings].sort((one, other) => {
    const [a, b] = [place(one), place(other)];
    return a.y - b.y || a.x - b.x || compare(a.id, b.id) || compare(one.port, other.port);
  });
  return ordered.map((crossing) => {
    const name = keyOf(crossing.node, crossing.port, crossing.source);
    const label = group.ports[name] ?? labelOf(graph, crossing, ordered);
    const { source } = crossing;
    return { name, label, source, position: source ? 1 : 3, schema: null, configuration: null };
  });
}

/** The node's name says most; with several ports of one node on a side, their names do. */
function labelOf(graph: Graph, { node, port, source }: Crossing, all: readonly Crossing[]): string {
  const siblings = all.filter((other) => other.node === node && other.source === source);
  const inside = graph.nodes.get(node);
  return siblings.length > 1 ? port : inside?.label || inside?.component || port;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function asNode(group: FlowGroup): FlowNode {
  const { id, name, x, y, rev } = group;
  return {
    ...{ id, name: "", module: "", component: "group", label: name || "Group", comment: "", x, y },
    ...{ group: null, foreign: null, shared: [], settings: {}, rev },
  };
}

function bend(edge: FlowEdge, source: string, target: string): FlowEdge {
  return {
    ...edge,
    source,
    source_port: source === edge.source ? edge.source_port : keyOf(edge.source, edge.source_port, true),
    target,
    target_port: target === edge.target ? edge.target_port : keyOf(edge.target, edge.target_port, false),
  };
}

const KEY = /^([a-z][a-z0-9]*):(.+):(?:in|out)$/;

/** The node and the port that a port of a collapsed card, or of a border, leads to; any other port is itself. */
export function inside(graph: Graph, id: string, port: string): [string, string] {
  const found = graph.groups.has(id) || isBorder(id) ? KEY.exec(port) : null;
  return found ? [found[1] as string, found[2] as string] : [id, port];
}
