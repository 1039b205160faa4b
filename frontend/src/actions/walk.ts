import { focusCard } from "../canvas/focus";
import { GRID } from "../core/geometry";
import type { Graph } from "../core/graph";
import { firstNode, neighbour, type Direction } from "../core/walk";
import { hasSelection } from "./conditions";
import { canMove, moveSelected } from "./move";
import type { Action, ActionContext } from "./types";

const WAYS: readonly (readonly [Direction, key: string, title: string, x: number, y: number])[] = [
  ["left", "ArrowLeft", "Go to the node that a wire comes from", -GRID, 0],
  ["right", "ArrowRight", "Go to the node that a wire leads to", GRID, 0],
  ["up", "ArrowUp", "Go to the node above", 0, -GRID],
  ["down", "ArrowDown", "Go to the node below", 0, GRID],
];

/** Selects a node, has it in view and gives it the focus. */
export function goTo({ editor, view }: ActionContext, id: string): void {
  editor.select({ nodes: [id] });
  view.into(id);
  focusCard(id);
}

function walk(context: ActionContext, direction: Direction): void {
  const { graph, selection } = context.editor;
  const { nodes, edges } = selection.get();
  const here = [...nodes].at(-1);
  const next =
    here === undefined ? entry(graph, [...edges], direction) : neighbour(graph, here, direction)?.id;
  // At the edge of the flow the focus stays where it is, but on the card.
  const goal = next ?? here;
  if (goal !== undefined) goTo(context, goal);
}

/** From a wire to its end on that side; else where a walk begins. */
function entry(graph: Graph, edges: readonly string[], direction: Direction): string | undefined {
  const edge = graph.edges.get(edges[0] ?? "");
  if (!edge) return firstNode(graph)?.id;
  return direction === "right" || direction === "down" ? edge.target : edge.source;
}

/** The wires of the only node selected, or of the end that the selected wire leaves: one after the other. */
function nextWire({ editor }: ActionContext): void {
  const { nodes, edges } = editor.selection.get();
  const [now] = edges;
  const node = [...nodes][0] ?? editor.graph.edges.get(now ?? "")?.source;
  const wires = [...editor.graph.edges.values()].filter((one) => one.source === node || one.target === node);
  const next = wires[(wires.findIndex(({ id }) => id === now) + 1) % wires.length];
  if (next) editor.select({ edges: [next.id] });
}

const MOVED: Readonly<Record<Direction, string>> = { left: "left", right: "right", up: "up", down: "down" };

export const WALK: readonly Action[] = [
  ...WAYS.map(([direction, key, title]): Action => ({
    id: `walk.${direction}`,
    title,
    group: "Select",
    keys: [key],
    on: [],
    onCanvas: true,
    when: ({ editor }) => editor.graph.nodes.size > 0,
    run: (context) => walk(context, direction),
  })),
  {
    id: "walk.wire",
    title: "Select a wire of the node, then the next",
    group: "Select",
    keys: ["w"],
    on: [],
    when: hasSelection,
    run: nextWire,
  },
  ...WAYS.map(([direction, key, , x, y]): Action => ({
    id: `move.${direction}`,
    title: `Move what is selected one step ${MOVED[direction]}`,
    group: "Arrange",
    keys: [`shift+${key}`],
    on: [],
    onCanvas: true,
    when: canMove,
    run: (context) => moveSelected(context, x, y),
  })),
];
