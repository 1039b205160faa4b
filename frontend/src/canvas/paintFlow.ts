import type { Scene, SceneCard } from "../core/scene";
import type { LiveStore } from "../live/store";
import type { Colours } from "./colours";
import type { Transform } from "./drawing";

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

/** Some wires, as lines from the right of a card to the left of another. */
export function paintWires(
  context: CanvasRenderingContext2D,
  scene: Scene,
  wires: Iterable<string>,
  { x, y, zoom }: Transform,
): void {
  context.lineWidth = Math.max(1, 1.5 * zoom);
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
