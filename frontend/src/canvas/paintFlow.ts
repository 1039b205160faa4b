import type { Rect } from "../core/geometry";
import type { Scene, SceneCard } from "../core/scene";
import type { LiveStore } from "../live/store";
import type { Colours } from "./colours";

/** Where the flow is drawn: device px = flow px * zoom + offset. */
export interface Transform {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Paint {
  readonly scene: Scene;
  readonly colours: Colours;
  readonly transform: Transform;
  /** Size of the drawing in device px: what lies outside is left out. */
  readonly width: number;
  readonly height: number;
  readonly colourOf: (card: SceneCard) => string;
}

/** Nearer than this, device px, a box is a dot without a border to round. */
const LEAST = 2;

export function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}

/** Draws wires as lines from the right of a card to the left of another. */
export function paintWires(context: CanvasRenderingContext2D, paint: Paint, wires: Iterable<string>): void {
  const { scene, transform, colours } = paint;
  const { x, y, zoom } = transform;
  // Up to a width of one px the browser draws plain lines, which costs a tenth of outlines with corners and ends.
  context.lineWidth = Math.max(1, 1.5 * zoom);
  context.strokeStyle = colours.wire;
  context.beginPath();
  for (const id of wires) {
    const edge = scene.edge(id);
    const source = edge && scene.card(edge.source);
    const target = edge && scene.card(edge.target);
    if (!source || !target) continue;
    context.moveTo(
      (source.node.x + source.layout.width) * zoom + x,
      (source.node.y + source.layout.height / 2) * zoom + y,
    );
    context.lineTo(target.node.x * zoom + x, (target.node.y + target.layout.height / 2) * zoom + y);
  }
  context.stroke();
}

/** Draws cards as boxes, each filled with the colour that `colourOf` gives it. */
export function paintCards(context: CanvasRenderingContext2D, paint: Paint, cards: Iterable<string>): void {
  const { scene, transform, colourOf } = paint;
  const { x, y, zoom } = transform;
  let last = "";
  for (const id of cards) {
    const card = scene.card(id);
    if (!card) continue;
    const colour = colourOf(card);
    // Setting a colour means parsing it: most cards have that of the one before.
    if (colour !== last) context.fillStyle = last = colour;
    const { node, layout } = card;
    context.fillRect(
      node.x * zoom + x,
      node.y * zoom + y,
      Math.max(LEAST, layout.width * zoom),
      Math.max(LEAST, layout.height * zoom),
    );
  }
}

/** The part of the flow that a drawing of this size shows, in flow px. */
export function paintedArea({
  transform: { x, y, zoom },
  width,
  height,
}: Omit<Paint, "scene" | "colourOf" | "colours">): Rect {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** What a card's box says: that it is selected, failed, or not on the cluster; else its state. */
export function boxColour(
  { node: { id } }: SceneCard,
  selected: ReadonlySet<string>,
  live: LiveStore,
  colours: Colours,
): string {
  if (selected.has(id)) return colours.accent;
  const entry = live.node(id);
  const failed = entry?.error ?? (entry?.push?.state === "failed" ? entry.push.problem : null);
  if (failed) return colours.states["error"] ?? colours.line;
  if (entry?.push && entry.push.state !== "observed") return colours.changed;
  return colours.states[entry?.state ?? "idle"] ?? colours.line;
}
