import type { Scene, SceneCard } from "../core/scene";
import type { BoxStates } from "./boxStates";
import type { Colours } from "./colours";
import type { Transform } from "./drawing";

/** What a card's box says: that it is selected, or not on the cluster; else its state. */
export function boxColour(card: SceneCard, states: BoxStates, colours: Colours): string {
  if (states.selected.has(card.node.id)) return colours.accent;
  const state = states.of(card);
  return (state === "changed" ? colours.changed : colours.states[state]) ?? colours.line;
}

/** Some wires, as lines from the right of a card to the left of another; `least` is their width from far, in device px. */
export function paintWires(
  context: CanvasRenderingContext2D,
  scene: Scene,
  wires: Iterable<string>,
  { x, y, zoom }: Transform,
  least = 1,
): void {
  context.lineWidth = Math.max(least, 1.5 * zoom);
  context.beginPath();
  for (const id of wires) {
    const edge = scene.edge(id);
    const source = edge && scene.card(edge.source);
    const target = edge && scene.card(edge.target);
    if (!source || !target) continue;
    const { width, height } = source.layout;
    context.moveTo((source.node.x + width) * zoom + x, (source.node.y + height / 2) * zoom + y);
    context.lineTo(target.node.x * zoom + x, (target.node.y + target.layout.height / 2) * zoom + y);
  }
  context.stroke();
}

/** The view's, in device px. */
export function devicePixels([x, y, zoom]: readonly [number, number, number]): Transform {
  return { x: x * devicePixelRatio, y: y * devicePixelRatio, zoom: zoom * devicePixelRatio };
}
