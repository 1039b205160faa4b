import type { Scene, SceneCard } from "../core/scene";
import type { Lit } from "../live/replay";
import type { Colours } from "./colours";
import type { Transform } from "./drawing";
import type { Marks, WireMark } from "./marks";
import { paintWires } from "./paintFlow";

/** Px of the screen, at any zoom. */
const SIZE = 12;
const RIM = 2;
/** As on the canvas near by: pressed wires are thicker, and not only of another colour. */
const WIDTHS: Record<WireMark, number> = { high: 2.5, full: 3.5, failed: 2 };
const ORDER: readonly WireMark[] = ["high", "full", "failed"];

/** Wires that are pressed or fail, over all others. */
export function paintMarkedWires(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { wires }: Marks,
  transform: Transform,
  colours: Colours,
  pixels: number,
): void {
  for (const mark of ORDER) {
    const these = [...wires].filter(([, one]) => one === mark).map(([id]) => id);
    if (these.length === 0) continue;
    context.strokeStyle = mark === "high" ? colours.wirePressure : colours.wireBlocked;
    paintWires(context, scene, these, transform, WIDTHS[mark] * pixels);
  }
}

/**
 * A triangle with a stroke in it at each failing card and in the middle of each failing wire: told by its shape where red and green
 * look alike. Of marks that would lie on each other, one is drawn.
 */
export function paintTroubles(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { cards, wires }: Marks,
  transform: Transform,
  { states, canvas, line }: Colours,
  pixels: number,
  across = SIZE,
): void {
  const places: (readonly [number, number])[] = [];
  const cells = new Set<string>();
  const size = across * pixels;
  const place = (x: number, y: number): void => {
    const [left, top] = [x * transform.zoom + transform.x, y * transform.zoom + transform.y];
    if (left < -size || top < -size || left > context.canvas.width + size) return;
    if (top > context.canvas.height + size) return;
    const cell = `${String(Math.round(left / size))} ${String(Math.round(top / size))}`;
    if (cells.has(cell)) return;
    cells.add(cell);
    places.push([left, top]);
  };
  for (const id of cards) {
    const card = scene.card(id);
    if (card) place(card.node.x + card.layout.width, card.node.y);
  }
  for (const [id, mark] of wires) {
    const middle = mark === "failed" ? middleOf(scene, id) : null;
    if (middle) place(...middle);
  }
  if (places.length === 0) return;
  context.beginPath();
  for (const [x, y] of places) triangle(context, x, y, size);
  context.lineJoin = "round";
  context.lineWidth = 2 * RIM * pixels;
  context.strokeStyle = canvas;
  context.stroke();
  context.fillStyle = states["error"] ?? line;
  context.fill();
  context.fillStyle = canvas;
  for (const [x, y] of places) context.fillRect(x - size / 16, y - size / 6, size / 8, size / 3);
}

/** What has a part in the run that is replayed: cards in their own colour and with an outline, wires over all others. */
export function paintLit(
  context: CanvasRenderingContext2D,
  scene: Scene,
  lights: ReadonlyMap<string, Lit>,
  transform: Transform,
  colours: Colours,
  boxColour: (card: SceneCard) => string,
  pixels: number,
): void {
  const error = colours.states["error"] ?? colours.line;
  for (const lit of ["past", "failed", "lit"] as const) {
    const these = [...lights].filter(([, one]) => one === lit).map(([id]) => id);
    context.strokeStyle = lit === "failed" ? error : colours.accent;
    paintWires(context, scene, these, transform, (lit === "past" ? 1.5 : 4) * pixels);
    for (const id of these) {
      const card = scene.card(id);
      if (!card) continue;
      const { zoom } = transform;
      const [x, y] = [card.node.x * zoom + transform.x, card.node.y * zoom + transform.y];
      const [width, height] = [card.layout.width * zoom, card.layout.height * zoom];
      context.fillStyle = boxColour(card);
      context.fillRect(x, y, width, height);
      if (lit === "past") continue;
      const rim = RIM * pixels;
      context.lineWidth = 3 * pixels;
      context.strokeRect(x - rim, y - rim, width + 2 * rim, height + 2 * rim);
      // A second line, as near by: failed is not told by its colour alone.
      if (lit === "failed") {
        context.lineWidth = pixels;
        context.strokeRect(x - 3 * rim, y - 3 * rim, width + 6 * rim, height + 6 * rim);
      }
    }
  }
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.moveTo(x, y - size / 2);
  context.lineTo(x + size / 2, y + size / 2);
  context.lineTo(x - size / 2, y + size / 2);
  context.closePath();
}

function middleOf(scene: Scene, wire: string): [number, number] | null {
  const edge = scene.edge(wire);
  const source = edge && scene.card(edge.source);
  const target = edge && scene.card(edge.target);
  if (!source || !target) return null;
  return [
    (source.node.x + source.layout.width + target.node.x) / 2,
    (source.node.y + source.layout.height / 2 + target.node.y + target.layout.height / 2) / 2,
  ];
}
