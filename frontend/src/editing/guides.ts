import type { Point, Rect } from "../core/geometry";

/** A line that shows what a dragged card is in line with. */
export interface GuideLine {
  readonly axis: "x" | "y";
  /** Where on that axis. */
  readonly at: number;
  /** From where to where along the other one. */
  readonly from: number;
  readonly to: number;
}

export interface Snapped {
  readonly at: Point;
  readonly lines: readonly GuideLine[];
}

interface Mark {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Cards farther away than so many are no help to the eye, and each costs a little per frame. */
const MAX_CARDS = 400;

/** What there is to be in line with on one axis, sorted: edges with edges, centres with centres. */
interface Marks {
  readonly edges: readonly Mark[];
  readonly centres: readonly Mark[];
}

/** The edges and centres of the cards that stay: one drag asks them at every frame. */
export class Guides {
  private readonly x: Marks;
  private readonly y: Marks;

  constructor(rects: readonly Rect[]) {
    const near = rects.slice(0, MAX_CARDS);
    this.x = marksOf(near.map(({ x, width, y, height }) => [x, width, y, y + height]));
    this.y = marksOf(near.map(({ x, width, y, height }) => [y, height, x, x + width]));
  }

  /** The place nearest to `rect` that is in line with a card, on each axis by itself, within `reach` px. */
  snap(rect: Rect, reach: number): { x: GuideSnap | null; y: GuideSnap | null } {
    return {
      x: nearest(this.x, rect.x, rect.width, reach),
      y: nearest(this.y, rect.y, rect.height, reach),
    };
  }
}

interface GuideSnap {
  /** The card's own x or y when it is in line. */
  readonly place: number;
  readonly mark: Mark;
}

/** Where a dragged card comes to lie: in line with another card where one is near, else on the grid. */
export function snapCard(
  rect: Rect,
  guides: Guides,
  reach: number,
  grid: (value: number) => number,
): Snapped {
  const { x, y } = guides.snap(rect, reach);
  const at = { x: x?.place ?? grid(rect.x), y: y?.place ?? grid(rect.y) };
  const lines: GuideLine[] = [];
  if (x) lines.push(line("x", x.mark, at.y, rect.height));
  if (y) lines.push(line("y", y.mark, at.x, rect.width));
  return { at, lines };
}

function line(axis: "x" | "y", { at, from, to }: Mark, start: number, size: number): GuideLine {
  return { axis, at, from: Math.min(from, start), to: Math.max(to, start + size) };
}

function marksOf(
  spans: readonly (readonly [start: number, size: number, from: number, to: number])[],
): Marks {
  const edges = spans.flatMap(([start, size, from, to]) =>
    [start, start + size].map((at) => ({ at, from, to })),
  );
  const centres = spans.map(([start, size, from, to]) => ({ at: start + size / 2, from, to }));
  return { edges: edges.sort(byPlace), centres: centres.sort(byPlace) };
}

function byPlace(one: Mark, other: Mark): number {
  return one.at - other.at;
}

/** Whatever is nearest wins. */
function nearest({ edges, centres }: Marks, start: number, size: number, reach: number): GuideSnap | null {
  const pairs = [
    { offset: 0, mark: closest(edges, start) },
    { offset: size, mark: closest(edges, start + size) },
    { offset: size / 2, mark: closest(centres, start + size / 2) },
  ];
  let best: GuideSnap | null = null;
  let least = reach;
  for (const { offset, mark } of pairs) {
    if (!mark) continue;
    const place = mark.at - offset;
    const distance = Math.abs(place - start);
    // A place between two pixels cannot be kept.
    if (!Number.isInteger(place) || distance > least || (best && distance === least)) continue;
    best = { place, mark };
    least = distance;
  }
  return best;
}

function closest(all: readonly Mark[], value: number): Mark | undefined {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] as Mark).at < value) low = middle + 1;
    else high = middle;
  }
  const after = all[low];
  const before = all[low - 1];
  if (!after || !before) return after ?? before;
  return after.at - value < value - before.at ? after : before;
}
