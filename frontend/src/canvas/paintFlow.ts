import type { Graph } from "../core/graph";
import type { CanvasNode } from "./canvasNodes";
import type { LiveStore } from "../live/store";

/** Where the flow is drawn: device px = flow px * zoom + offset. */
export interface Transform {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Paint {
  nodes: readonly CanvasNode[];
  edges: Graph["edges"];
  live: LiveStore;
  colours: Colours;
  transform: Transform;
  /** Size of the drawing in device px: what lies outside is left out. */
  width: number;
  height: number;
}

export interface Colours {
  readonly card: string;
  readonly line: string;
  readonly wire: string;
  readonly accent: string;
  readonly changed: string;
  readonly states: Readonly<Record<string, string>>;
}

/** The theme's colours as the canvas element needs them: read once per theme, not per frame. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const states = ["idle", "running", "working", "waiting", "error", "disabled"];
  return {
    card: token("--bg-raised"),
    line: token("--line-strong"),
    wire: token("--wire"),
    accent: token("--accent"),
    changed: token("--state-changed"),
    states: Object.fromEntries(states.map((state) => [state, token(`--state-${state}`)])),
  };
}

/** Draws wires as lines and nodes as boxes filled with the colour of their state. */
export function paintFlow(context: CanvasRenderingContext2D, paint: Paint): void {
  const { width, height, transform, colours } = paint;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.lineWidth = Math.max(1, 1.5 * transform.zoom);
  context.strokeStyle = colours.wire;
  paintWires(context, paint);
  paintNodes(context, paint);
}

function paintWires(
  context: CanvasRenderingContext2D,
  { nodes, edges, transform, width, height }: Paint,
): void {
  const { x, y, zoom } = transform;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  context.beginPath();
  for (const edge of edges.values()) {
    const source = byId.get(edge.source);
    const target = byId.get(edge.target);
    if (!source || !target) continue;
    const fromX = (source.position.x + (source.width ?? 0)) * zoom + x;
    const fromY = (source.position.y + (source.height ?? 0) / 2) * zoom + y;
    const toX = target.position.x * zoom + x;
    const toY = (target.position.y + (target.height ?? 0) / 2) * zoom + y;
    if (Math.max(fromX, toX) < 0 || Math.min(fromX, toX) > width) continue;
    if (Math.max(fromY, toY) < 0 || Math.min(fromY, toY) > height) continue;
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  }
  context.stroke();
}

function paintNodes(
  context: CanvasRenderingContext2D,
  { nodes, live, colours, transform, width, height }: Paint,
): void {
  const { x, y, zoom } = transform;
  // One fill per colour: changing the fill for every box is what makes a large drawing slow.
  const byColour = new Map<string, CanvasNode[]>();
  for (const node of nodes) {
    const colour = colourOf(node, live, colours);
    const group = byColour.get(colour);
    if (group) group.push(node);
    else byColour.set(colour, [node]);
  }
  for (const [colour, group] of byColour) {
    context.fillStyle = colour;
    context.beginPath();
    for (const node of group) {
      const left = node.position.x * zoom + x;
      const top = node.position.y * zoom + y;
      const wide = Math.max(2, (node.width ?? 0) * zoom);
      const high = Math.max(2, (node.height ?? 0) * zoom);
      if (left > width || top > height || left + wide < 0 || top + high < 0) continue;
      context.rect(left, top, wide, high);
    }
    context.fill();
  }
}

function colourOf(node: CanvasNode, live: LiveStore, colours: Colours): string {
  if (node.selected) return colours.accent;
  const entry = live.node(node.id);
  const failed = entry?.error ?? (entry?.push?.state === "failed" ? entry.push.problem : null);
  if (failed) return colours.states["error"] ?? colours.line;
  if (entry?.push && entry.push.state !== "observed") return colours.changed;
  return colours.states[entry?.state ?? "idle"] ?? colours.line;
}
