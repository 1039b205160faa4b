import { bounds, GRID, type Point, type Rect } from "../../core/geometry";
import { columnsOf } from "./columns";
import { placeHeights } from "./heights";
import { orderColumns } from "./ordering";
import { COLUMN_GAP, type Box, type Layout, type Link, type Places } from "./types";

/** Between parts of a flow that no wire joins. */
const PART_GAP = 3 * GRID;

/**
 * A layered layout: columns from left to right along the wires, few crossings, straight wires, every corner on
 * the grid, no card upon another. Parts that no wire joins stand below or beside each other. The whole has the
 * top left corner that it had.
 */
export function layered({ boxes, links }: Pick<Layout, "boxes" | "links">): Places {
  const corner = bounds(boxes);
  if (!corner) return new Map();
  const parts = partsOf(boxes, links).map(({ members, wires }) => layOut(members, wires));
  const origin = { x: onGrid(corner.x), y: onGrid(corner.y) };
  return pack(parts, origin);
}

interface Part {
  readonly places: readonly (readonly [id: string, at: Point])[];
  readonly width: number;
  readonly height: number;
}

function layOut(boxes: readonly Box[], links: readonly Link[]): Part {
  // A cycle has no beginning of its own: it gets the node that somebody has put leftmost.
  const fromLeft = boxes.toSorted((one, other) => one.x - other.x || one.y - other.y);
  const columns = columnsOf(fromLeft, links);
  orderColumns(columns);
  placeHeights(columns);
  const rects: (Rect & { id: string })[] = [];
  let x = 0;
  for (const column of columns) {
    const cards = column.flatMap(({ box, y }) => (box ? [{ ...box, x, y }] : []));
    if (cards.length === 0) continue;
    rects.push(...cards);
    x = Math.ceil((x + Math.max(...cards.map(({ width }) => width)) + COLUMN_GAP) / GRID) * GRID;
  }
  const box = bounds(rects) as Rect;
  const places = rects.map((rect) => [rect.id, { x: rect.x - box.x, y: rect.y - box.y }] as const);
  return { places, width: box.width, height: box.height };
}

/** Rows of parts, about as wide as all of them are high, as a screen is. */
function pack(parts: readonly Part[], origin: Point): Places {
  const area = parts.reduce((sum, { width, height }) => sum + (width + PART_GAP) * (height + PART_GAP), 0);
  const wide = Math.max(...parts.map(({ width }) => width), Math.sqrt(area * 1.8));
  const placed = new Map<string, Point>();
  let [x, y, row] = [0, 0, 0];
  for (const { places, width, height } of parts) {
    if (x > 0 && x + width > wide) {
      y = Math.ceil((y + row + PART_GAP) / GRID) * GRID;
      [x, row] = [0, 0];
    }
    for (const [id, at] of places) placed.set(id, { x: origin.x + x + at.x, y: origin.y + y + at.y });
    x = Math.ceil((x + width + PART_GAP) / GRID) * GRID;
    row = Math.max(row, height);
  }
  return placed;
}

/** What wires join, in the order in which the parts stand now. */
function partsOf(boxes: readonly Box[], links: readonly Link[]): { members: Box[]; wires: Link[] }[] {
  const root = new Map(boxes.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    const above = (one: string) => root.get(one) ?? one;
    let top = id;
    while (above(top) !== top) {
      // Every step halves the way for the next who asks.
      root.set(top, above(above(top)));
      top = above(top);
    }
    return top;
  };
  const known = links.filter(({ source, target }) => root.has(source) && root.has(target));
  for (const { source, target } of known) root.set(find(source), find(target));
  const parts = new Map<string, { members: Box[]; wires: Link[] }>();
  for (const box of boxes.toSorted((one, other) => one.y - other.y || one.x - other.x)) {
    const key = find(box.id);
    const part = parts.get(key);
    if (part) part.members.push(box);
    else parts.set(key, { members: [box], wires: [] });
  }
  for (const link of known) parts.get(find(link.source))?.wires.push(link);
  return [...parts.values()];
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}
