import { paintWires } from "../canvas/paintFlow";
import type { Differs, PaintDiffers } from "../live/past";

/** What each is drawn in: the colour of a state, the dashes of its line in px, and its sign. */
const LOOKS: Record<Differs, { state: string; dashes: readonly number[]; sign: string }> = {
  moved: { state: "working", dashes: [2, 3], sign: "·" },
  changed: { state: "waiting", dashes: [], sign: "~" },
  added: { state: "running", dashes: [], sign: "+" },
  removed: { state: "error", dashes: [6, 4], sign: "−" },
};
const ORDER: readonly Differs[] = ["moved", "changed", "added", "removed"];
/** Px of the screen, at any zoom. */
const RIM = 2;
const SIGN = 14;

/** What differs between two states, seen from far: outlines and wires, told by their lines and a sign at each card. */
export const paintDiffers: PaintDiffers = (context, scene, differs, transform, colours, pixels) => {
  const { states, line, canvas } = colours;
  const { zoom } = transform;
  context.font = `700 ${String(SIGN * pixels)}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const one of ORDER) {
    const { state, dashes, sign } = LOOKS[one];
    const these = [...differs].filter(([, how]) => how === one).map(([id]) => id);
    context.strokeStyle = states[state] ?? line;
    context.setLineDash(dashes.map((length) => length * pixels));
    paintWires(context, scene, these, transform, 2.5 * pixels);
    context.lineWidth = 2 * pixels;
    for (const id of these) {
      const card = scene.card(id);
      if (!card) continue;
      const [x, y] = [card.node.x * zoom + transform.x, card.node.y * zoom + transform.y];
      const [width, height] = [card.layout.width * zoom, card.layout.height * zoom];
      if (x > context.canvas.width || y > context.canvas.height || x + width < 0 || y + height < 0) continue;
      const rim = RIM * pixels;
      context.strokeRect(x - rim, y - rim, width + 2 * rim, height + 2 * rim);
      // Where boxes are smaller than a sign, the lines have to do.
      if (width < SIGN * pixels) continue;
      context.fillStyle = canvas;
      context.fillRect(x + width - SIGN * pixels, y, SIGN * pixels, SIGN * pixels);
      context.fillStyle = context.strokeStyle;
      context.fillText(sign, x + width - (SIGN / 2) * pixels, y + (SIGN / 2) * pixels);
    }
  }
  context.setLineDash([]);
};
