import type { Point } from "./geometry";
import type { Graph } from "./graph";
import type { FlowNode } from "./types";

export type Direction = "left" | "right" | "up" | "down";

/**
 * The node that lies next: to the right along the wires that leave, to the left against those that come, up and
 * down among siblings (nodes that share a source or a target with this one). Where no wire leads, the nearest card
 * in that direction, so that every node can be reached. Undefined at the edge of the flow.
 */
export function neighbour(graph: Graph, id: string, direction: Direction): FlowNode | undefined {
  const from = graph.nodes.get(id);
  if (!from) return undefined;
  const across = direction === "left" || direction === "right";
  const wired = across ? alongWires(graph, id, direction === "right") : siblings(graph, id);
  const others = [...wired].flatMap((other) => (other === id ? [] : (graph.nodes.get(other) ?? [])));
  if (across && others.length > 0)
    return nearest(from, others, (step) => Math.abs(step.y) + Math.abs(step.x) / 1000);
  const there = others.filter((node) => ahead(offset(from, node), direction) > 0);
  return (
    nearest(from, there, (step) => Math.abs(step.y)) ??
    nearest(from, graph.nodes.values(), (step) => cost(step, direction))
  );
}

/** Where a walk begins: the topmost of the leftmost. */
export function firstNode(graph: Graph): FlowNode | undefined {
  let first: FlowNode | undefined;
  for (const node of graph.nodes.values()) {
    if (!first || node.x < first.x || (node.x === first.x && node.y < first.y)) first = node;
  }
  return first;
}

function alongWires(graph: Graph, id: string, leaving: boolean): Set<string> {
  const found = new Set<string>();
  for (const { source, target } of graph.edges.values()) {
    if (leaving && source === id) found.add(target);
    if (!leaving && target === id) found.add(source);
  }
  return found;
}

function siblings(graph: Graph, id: string): Set<string> {
  const sources = alongWires(graph, id, false);
  const targets = alongWires(graph, id, true);
  const found = new Set<string>();
  for (const { source, target } of graph.edges.values()) {
    if (sources.has(source)) found.add(target);
    if (targets.has(target)) found.add(source);
  }
  return found;
}

function offset(from: Point, to: Point): Point {
  return { x: to.x - from.x, y: to.y - from.y };
}

/** How far a step goes in a direction; negative: away from it. */
function ahead({ x, y }: Point, direction: Direction): number {
  return { left: -x, right: x, up: -y, down: y }[direction];
}

/** The way ahead, and twice what it goes aside; nothing that goes more aside than ahead. */
function cost(step: Point, direction: Direction): number {
  const forward = ahead(step, direction);
  const aside = direction === "left" || direction === "right" ? Math.abs(step.y) : Math.abs(step.x);
  return forward <= 0 || aside > 2 * forward ? Infinity : forward + 2 * aside;
}

function nearest(
  from: FlowNode,
  nodes: Iterable<FlowNode>,
  costOf: (step: Point) => number,
): FlowNode | undefined {
  let best: FlowNode | undefined;
  let least = Infinity;
  for (const node of nodes) {
    const price = node.id === from.id ? Infinity : costOf(offset(from, node));
    if (price < least) [best, least] = [node, price];
  }
  return best;
}
