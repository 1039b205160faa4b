import type { Rect } from "../core/geometry";
import type { Graph } from "../core/graph";
import { seenNotes } from "../core/groups/frames";
import type { Colour } from "../core/types";
import type { Colours } from "./colours";
import type { Transform } from "./drawing";

/** A group's frame or a note as it is seen from far. */
export interface FarFrame {
  readonly rect: Rect;
  readonly colour: Colour;
  readonly note: boolean;
  readonly title: string;
}

/** How much of what lies behind shows through: a note is a sheet, a group a tint. */
const SOLID = { group: 0.38, note: 0.78 };
const EDGE = 0.5;
/** Px of the screen, at any zoom. */
const TITLE = 13;
export const TITLE_GAP = 4;
/** In less than this, px of the screen, no title says anything. */
export const LEAST_TITLE = 40;
const LONGEST_TITLE = 80;

/** Frames of open groups and notes; the same list while none of them changed. */
export class FarFrames {
  private readonly of: { groups?: Graph["groups"]; notes?: Graph["notes"] } = {};
  private frames: readonly FarFrame[] = [];

  from(graph: Graph): readonly FarFrame[] {
    const { groups, notes } = graph;
    if (this.of.groups === groups && this.of.notes === notes) return this.frames;
    Object.assign(this.of, { groups, notes });
    const open = [...groups.values()].filter(({ collapsed }) => !collapsed);
    this.frames = [
      ...open.map((group): FarFrame => {
        return { rect: group, colour: group.colour, note: false, title: cut(group.name || "Group") };
      }),
      ...seenNotes(graph).map((note): FarFrame => {
        return { rect: note, colour: note.colour, note: true, title: cut(firstLine(note.text)) };
      }),
    ];
    return this.frames;
  }
}

/** The frames themselves, below wires and boxes. */
export function paintFrames(
  context: CanvasRenderingContext2D,
  frames: readonly FarFrame[],
  transform: Transform,
  { tints }: Colours,
): void {
  context.lineWidth = 1;
  for (const { rect, colour, note } of inView(context, frames, transform)) {
    const { line, fill } = tints[colour];
    const { x, y, width, height } = placed(rect, transform);
    context.fillStyle = fill;
    context.globalAlpha = note ? SOLID.note : SOLID.group;
    context.fillRect(x, y, width, height);
    context.strokeStyle = line;
    context.globalAlpha = EDGE;
    context.strokeRect(x, y, width, height);
  }
  context.globalAlpha = 1;
}

/**
 * Titles in the size that text has on the screen: above a group's frame, where they cover none of its boxes, and on a
 * note. What has no room is left out. `pixels` are device px in one px of the screen.
 */
export function paintTitles(
  context: CanvasRenderingContext2D,
  frames: readonly FarFrame[],
  transform: Transform,
  { tints, canvas, font }: Colours,
  pixels: number,
): void {
  const gap = TITLE_GAP * pixels;
  context.font = `600 ${String(TITLE * pixels)}px ${font}`;
  context.lineJoin = "round";
  context.lineWidth = 3 * pixels;
  context.strokeStyle = canvas;
  for (const { rect, colour, note, title } of inView(context, frames, transform, TITLE * 2 * pixels)) {
    const { x, y, width, height } = placed(rect, transform);
    if (width < LEAST_TITLE * pixels || (note && height < (TITLE + 2 * TITLE_GAP) * pixels)) continue;
    const text = fitted(context, title, width - 2 * gap);
    if (text === "") continue;
    context.fillStyle = tints[colour].line;
    context.textBaseline = note ? "top" : "bottom";
    const top = note ? y + gap : y - gap / 2;
    // Its rim keeps it readable on whatever it lies.
    if (!note) context.strokeText(text, x + gap, top);
    context.fillText(text, x + gap, top);
  }
}

function* inView(
  { canvas }: CanvasRenderingContext2D,
  frames: readonly FarFrame[],
  transform: Transform,
  above = 0,
): Iterable<FarFrame> {
  for (const frame of frames) {
    const { x, y, width, height } = placed(frame.rect, transform);
    if (x > canvas.width || y - above > canvas.height || x + width < 0 || y + height < 0) continue;
    yield frame;
  }
}

function placed(rect: Rect, { x, y, zoom }: Transform): Rect {
  return { x: rect.x * zoom + x, y: rect.y * zoom + y, width: rect.width * zoom, height: rect.height * zoom };
}

/** As much of the text as there is room for, by the mean width of its letters. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  const { width } = context.measureText(text);
  if (width <= room) return text;
  const letters = [...text];
  const kept = Math.floor((room / width) * letters.length) - 1;
  return kept < 2 ? "" : `${letters.slice(0, kept).join("").trimEnd()}…`;
}

/** Of a note's Markdown, the first line that says something, without the marks before it. */
function firstLine(text: string): string {
  const line = text.split("\n", 20).find((one) => /[\p{L}\p{N}]/u.test(one)) ?? "";
  return line
    .replace(/^[\s#>*+-]+/, "")
    .replaceAll(/[*_`]/g, "")
    .trim();
}

function cut(text: string): string {
  return [...text.slice(0, 2 * LONGEST_TITLE)].slice(0, LONGEST_TITLE).join("");
}
