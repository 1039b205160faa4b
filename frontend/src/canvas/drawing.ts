import type { Scene, SceneCard } from "../core/scene";

/** Numbers of one box or line: x, y, width, height, or both ends. */
const EACH = 4;

/** Where the flow is drawn: device px = flow px * zoom + offset. */
export interface Transform {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Nearer than this, device px, a box is a dot. */
const LEAST = 2;

/**
 * A whole flow as boxes and lines, laid down as plain numbers once for each version of the scene: a frame goes through
 * them in a straight line, without looking anything up.
 */
export class Drawing {
  private version = -1;
  private boxes = new Float32Array();
  private lines = new Float32Array();
  private colours: string[] = [];
  private slots = new Map<string, number>();

  constructor(
    private readonly scene: Scene,
    private readonly colourOf: (card: SceneCard) => string,
  ) {}

  /** Takes over what the scene says, if it is another one, and all colours. */
  refresh(): void {
    const cards = [...this.scene.all()];
    if (this.version !== this.scene.version) {
      this.version = this.scene.version;
      this.slots = new Map(cards.map(({ node }, slot) => [node.id, slot]));
      this.boxes = new Float32Array(cards.length * EACH);
      cards.forEach(({ node, layout }, slot) => {
        this.boxes.set([node.x, node.y, layout.width, layout.height], slot * EACH);
      });
      this.lines = linesOf(this.scene);
    }
    this.colours = cards.map(this.colourOf);
  }

  /** Those of the cards that have another colour now; their slots in the drawing. */
  recolour(ids: Iterable<string>): number[] {
    const others: number[] = [];
    for (const id of ids) {
      const slot = this.slots.get(id);
      const card = this.scene.card(id);
      if (slot === undefined || !card) continue;
      const colour = this.colourOf(card);
      if (colour === this.colours[slot]) continue;
      this.colours[slot] = colour;
      others.push(slot);
    }
    return others;
  }

  /** Wires, as lines from the right of a card to the left of another. */
  paintLines(context: CanvasRenderingContext2D, { x, y, zoom }: Transform, colour: string): void {
    const { lines } = this;
    const { width, height } = context.canvas;
    // Up to a width of one px the browser draws plain lines, at a tenth of the cost of outlines with corners and ends.
    context.lineWidth = Math.max(1, 1.5 * zoom);
    context.strokeStyle = colour;
    context.beginPath();
    for (let at = 0; at < lines.length; at += EACH) {
      const fromX = (lines[at] as number) * zoom + x;
      const fromY = (lines[at + 1] as number) * zoom + y;
      const toX = (lines[at + 2] as number) * zoom + x;
      const toY = (lines[at + 3] as number) * zoom + y;
      if ((fromX < 0 && toX < 0) || (fromX > width && toX > width)) continue;
      if ((fromY < 0 && toY < 0) || (fromY > height && toY > height)) continue;
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
    }
    context.stroke();
  }

  /** Cards, as boxes of their colour: all, or those of some slots over what was painted of them. */
  paintBoxes(context: CanvasRenderingContext2D, transform: Transform, slots?: readonly number[]): void {
    let last = "";
    const count = slots?.length ?? this.colours.length;
    for (let index = 0; index < count; index++) {
      const slot = slots ? (slots[index] as number) : index;
      const colour = this.colours[slot] as string;
      // Setting a colour means reading it: most boxes have that of the one before.
      if (colour !== last) context.fillStyle = last = colour;
      this.paintBox(context, transform, slot * EACH);
    }
  }

  private paintBox(context: CanvasRenderingContext2D, { x, y, zoom }: Transform, at: number): void {
    const { boxes } = this;
    const left = (boxes[at] as number) * zoom + x;
    const top = (boxes[at + 1] as number) * zoom + y;
    const width = Math.max(LEAST, (boxes[at + 2] as number) * zoom);
    const height = Math.max(LEAST, (boxes[at + 3] as number) * zoom);
    if (left > context.canvas.width || top > context.canvas.height || left + width < 0 || top + height < 0)
      return;
    context.fillRect(left, top, width, height);
  }
}

function linesOf(scene: Scene): Float32Array<ArrayBuffer> {
  const lines = new Float32Array(scene.wires.size * EACH);
  let at = 0;
  for (const { source, target } of scene.allEdges()) {
    const from = scene.card(source);
    const to = scene.card(target);
    if (!from || !to) continue;
    lines.set(
      [
        ...[from.node.x + from.layout.width, from.node.y + from.layout.height / 2],
        ...[to.node.x, to.node.y + to.layout.height / 2],
      ],
      at,
    );
    at += EACH;
  }
  return lines;
}

export function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}
