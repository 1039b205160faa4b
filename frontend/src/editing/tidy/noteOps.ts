import { cardRects } from "../../core/cards";
import type { EditorHandle } from "../../core/editorTypes";
import { freePlaceNear } from "../../core/freePlace";
import { inflate, overlap, type Point, type Rect } from "../../core/geometry";
import { notesIn, seenNotes } from "../../core/groups/frames";
import type { FlowNode, FlowNote, SetNote } from "../../core/types";
import { RectIndex } from "../../core/rectIndex";
import { fullRect } from "../rects";
import type { Places } from "./types";

/** A note this near to a card is about that card, px. */
const BESIDE = 120;

interface Laid {
  readonly before: ReadonlyMap<string, FlowNode>;
  readonly moved: ReadonlyMap<string, FlowNode>;
  /** Of nodes, and of notes that were laid out with their group. */
  readonly places: Places;
  /** How much lower than the layout says all came to lie. */
  readonly down: number;
}

/**
 * Where notes go when nodes are laid out: those of a group with it; others go with the card that they lie beside, and out
 * of the way of any card that would come to lie on them.
 */
export function noteOps(editor: EditorHandle, laid: Laid): SetNote[] {
  const { graph } = editor;
  const ops = new Map<string, SetNote>();
  const put = (note: FlowNote, { x, y }: Point): void => {
    if (note.x !== x || note.y !== y) ops.set(note.id, { op: "set_note", id: note.id, fields: { x, y } });
  };
  const grouped = new Set<string>();
  for (const note of graph.notes.values()) {
    const at = laid.places.get(note.id);
    if (!at) continue;
    grouped.add(note.id);
    put(note, { x: at.x, y: at.y + laid.down });
  }
  for (const group of graph.groups.values()) {
    if (!group.collapsed) continue;
    const by = stepOf(group.id, laid);
    if (by) for (const note of notesIn(graph, group.id)) put(note, sum(note, by));
  }
  const loose = seenNotes(graph).filter(({ id }) => !grouped.has(id));
  if (loose.length > 0) layLoose(editor, laid, loose, put);
  return [...ops.values()];
}

function layLoose(
  editor: EditorHandle,
  { before, moved }: Laid,
  loose: readonly FlowNote[],
  put: (note: FlowNote, at: Point) => void,
): void {
  const index = new RectIndex();
  for (const [id, node] of before) index.set(id, fullRect(editor, node));
  const taken = cardsAfter(editor, moved);
  for (const note of loose) {
    const card = nearest(index, note);
    const was = before.get(card ?? "");
    const now = moved.get(card ?? "");
    const wanted = was && now ? sum(note, { x: now.x - was.x, y: now.y - was.y }) : note;
    const rect = { ...wanted, width: note.width, height: note.height };
    // What lay below cards before is meant to.
    const isLain = index.within(note).length === 0 && taken.some((other) => overlap(rect, other));
    const at = isLain ? freePlaceNear(wanted, note, taken) : wanted;
    put(note, { x: at.x, y: at.y });
    taken.push({ ...rect, x: at.x, y: at.y });
  }
}

function cardsAfter(editor: EditorHandle, moved: ReadonlyMap<string, FlowNode>): Rect[] {
  const nodes = new Map([...editor.graph.nodes].map(([id, node]) => [id, moved.get(id) ?? node]));
  return cardRects({ graph: { ...editor.graph, nodes }, portsOf: (id) => editor.portsOf(id) });
}

function nearest(index: RectIndex, note: Rect): string | undefined {
  let found: string | undefined;
  let least = Infinity;
  for (const id of index.within(inflate(note, BESIDE))) {
    const rect = index.get(id);
    const distance = rect ? between(rect, note) : Infinity;
    if (distance < least) [found, least] = [id, distance];
  }
  return found;
}

/** From border to border; 0 where they meet. */
function between(one: Rect, other: Rect): number {
  const dx = Math.max(0, one.x - other.x - other.width, other.x - one.x - one.width);
  const dy = Math.max(0, one.y - other.y - other.height, other.y - one.y - one.height);
  return Math.hypot(dx, dy);
}

/** How far a collapsed group goes: as far as any of its nodes. */
function stepOf(group: string, { before, moved }: Laid): Point | null {
  for (const [id, node] of moved) {
    const was = before.get(id);
    if (node.group === group && was) return { x: node.x - was.x, y: node.y - was.y };
  }
  return null;
}

function sum(one: Point, other: Point): Point {
  return { x: one.x + other.x, y: one.y + other.y };
}
