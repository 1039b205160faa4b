import { canvasRect } from "../canvas/canvasRect";
import type { Adding } from "../canvas/canvasState";
import type { LooseEnd } from "../core/fitting";
import { GRID, isSystemPort, layoutCard } from "../core/geometry";
import { mayEdit, onlyNode } from "./conditions";
import type { Action, ActionContext } from "./types";

/** How far to the right of a node the next one goes. */
const GAP = 4 * GRID;

/** Beside the only node selected, wired to one of its outputs; else where the menu is; else where most is seen. */
function wanted(context: ActionContext): Adding {
  const { editor, view, canvas } = context;
  const node = editor.graph.nodes.get(onlyNode(context) ?? "");
  const ends = node ? looseEnds(context, node.id) : [];
  if (!node || ends.length === 0) {
    const at = canvas.place.get();
    if (at) return { window: view.windowOf(at), at, ends: [] };
    const { x, y, width, height } = canvasRect();
    return { window: { x: x + width / 2 - 150, y: y + height / 4 }, at: null, ends: [] };
  }
  const { width, ports } = layoutCard(editor.portsOf(node.id));
  const dot = ports.find(({ name, source }) => source && name === ends[0]?.port.name) ?? { y: 0 };
  const at = { x: node.x + width + GAP, y: node.y + dot.y };
  return { window: view.windowOf({ x: at.x - GAP / 2, y: at.y }), at, ends };
}

/** The node's outputs: those that lead nowhere yet first, errors last. */
function looseEnds({ editor }: ActionContext, node: string): LooseEnd[] {
  const wired = new Set<string>();
  for (const edge of editor.graph.edges.values()) if (edge.source === node) wired.add(edge.source_port);
  const rank = (name: string) => (name === "error" ? 2 : wired.has(name) ? 1 : 0);
  return editor
    .portsOf(node)
    .filter((port) => port.source && !isSystemPort(port.name))
    .sort((one, other) => rank(one.name) - rank(other.name))
    .map((port) => ({ node, port }));
}

export const ADD: readonly Action[] = [
  {
    id: "add.quick",
    title: "Add a component",
    group: "Add",
    keys: ["/"],
    on: ["canvas", "node"],
    when: mayEdit,
    run: (context) => context.canvas.adding.set(wanted(context)),
  },
  {
    id: "add.palette",
    title: "Search the components",
    group: "Add",
    keys: ["p"],
    on: [],
    run: () => document.querySelector<HTMLElement>(".palette input, .palette--folded button")?.focus(),
  },
];
