import { placedCards, type PlacedCard } from "../core/cards";
import type { EditorHandle } from "../core/editorTypes";
import { GRID, type Point, type Rect } from "../core/geometry";
import type { Graph } from "../core/graph";
import { moveOps } from "../core/groups/edits";
import { cardOf } from "../core/groups/fold";
import { membersOf, seenNotes } from "../core/groups/frames";
import { RectIndex } from "../core/rectIndex";
import type { FlowEdge, FlowGroup, Op } from "../core/types";

/** Between two cards of a chain, so that the wire between them is seen. */
const GAP = 2 * GRID;
/** Cards of two rows may stand this near. */
const ROW_GAP = GRID / 2;

export interface Room {
  /** Where the node comes to stand. */
  readonly at: Point;
  /** What moves the others out of its way: one batch with the node's own operations. */
  readonly ops: readonly Op[];
}

/**
 * Room for a node that is put into a wire. It steps to the right of what lies to its left; what lies to its right
 * goes as far to the right as it needs, with all that the wire leads on to and all that would be run into.
 */
export function makeRoom(editor: EditorHandle, edge: FlowEdge, id: string, wanted: Rect): Room {
  const cards = placedCards(editor).filter((card) => card.id !== id);
  const rect = pastTheLeft(wanted, cards);
  const first = cards.filter((card) => near(rect, card.rect));
  const at = { x: rect.x, y: rect.y };
  if (first.length === 0) return { at, ops: [] };
  const start = Math.min(...first.map((card) => card.rect.x));
  const by = { x: Math.ceil((rect.x + rect.width + GAP - start) / GRID) * GRID, y: 0 };
  const going = new Set(first.map((card) => card.id));
  const target = cardOf(editor.graph, edge.target);
  if (going.has(target)) for (const one of downstream(editor.graph, target)) going.add(one);
  for (const { id: one, rect: there } of cards) if (there.x < start) going.delete(one);
  const notes = seenNotes(editor.graph).map((note): PlacedCard => ({ id: note.id, rect: note }));
  pushed([...cards, ...notes], going, by.x);
  return { at, ops: movedOps(editor.graph, going, by) };
}

/** The rectangle, moved to the right until no card lies on it whose middle is left of its own. */
function pastTheLeft(wanted: Rect, cards: readonly PlacedCard[]): Rect {
  let rect = wanted;
  // Each step passes a card, so there are at most as many as cards.
  for (let steps = 0; steps < cards.length; steps++) {
    const inTheWay = cards.find((card) => near(rect, card.rect) && middle(card.rect) <= middle(wanted));
    if (!inTheWay) break;
    const { x, width } = inTheWay.rect;
    rect = { ...rect, x: Math.ceil((x + width + GAP) / GRID) * GRID };
  }
  return rect;
}

/** Adds to those that go all that they would come to lie on, and what these would in their turn. */
function pushed(cards: readonly PlacedCard[], going: Set<string>, by: number): void {
  const index = new RectIndex();
  for (const { id, rect } of cards) index.set(id, rect);
  // A set is walked through to what is added on the way.
  for (const id of going) {
    const rect = index.get(id);
    if (!rect) continue;
    const there = { ...rect, x: rect.x + by };
    for (const other of index.within(there)) {
      const before = index.get(other);
      // What lay on it before was put there by somebody.
      if (before && near(there, before, 0) && !near(rect, before, 0)) going.add(other);
    }
  }
}

/** The cards that wires lead to from this one, itself included. */
function downstream(graph: Graph, from: string): Set<string> {
  const next = new Map<string, string[]>();
  for (const { source, target } of graph.edges.values()) {
    const card = cardOf(graph, source);
    const ends = next.get(card);
    if (ends) ends.push(cardOf(graph, target));
    else next.set(card, [cardOf(graph, target)]);
  }
  const found = new Set([from]);
  for (const card of found) for (const one of next.get(card) ?? []) found.add(one);
  return found;
}

function movedOps(graph: Graph, going: ReadonlySet<string>, by: Point): Op[] {
  const frames = changedFrames(graph, going, by.x);
  // What moves as it is takes its notes along; of others those go that would be lain upon.
  const whole = new Set(frames.flatMap(({ id, x }) => (x === graph.groups.get(id)?.x ? [] : [id])));
  const noted = seenNotes(graph)
    .filter(({ id, group }) => going.has(id) || whole.has(group ?? ""))
    .map(({ id, x }): Op => ({ op: "set_note", id, fields: { x: x + by.x } }));
  const groups = new Map([...graph.groups, ...frames.map((group) => [group.id, group] as const)]);
  const resized = frames.map(({ id, x, width }): Op => ({ op: "set_group", id, fields: { x, width } }));
  return [...resized, ...moveOps({ ...graph, groups }, going, by), ...noted];
}

/** Open groups go along whole, or grow by what some of their nodes have moved: nobody falls out of a frame. */
function changedFrames(graph: Graph, going: ReadonlySet<string>, by: number): FlowGroup[] {
  return [...graph.groups.values()].flatMap((group): FlowGroup[] => {
    const members = group.collapsed ? [] : membersOf(graph, group.id);
    if (!members.some(({ id }) => going.has(id))) return [];
    const isWhole = members.every(({ id }) => going.has(id));
    return [isWhole ? { ...group, x: group.x + by } : { ...group, width: group.width + by }];
  });
}

function near(one: Rect, other: Rect, gap = GAP): boolean {
  const rowGap = gap === 0 ? 0 : ROW_GAP;
  return (
    one.x < other.x + other.width + gap &&
    other.x < one.x + one.width + gap &&
    one.y < other.y + other.height + rowGap &&
    other.y < one.y + one.height + rowGap
  );
}

function middle({ x, width }: Rect): number {
  return x + width / 2;
}
