import { overlap, type Rect } from "./geometry";

/** About four by seven cards: a screen of them is a handful of cells. */
const CELL = 1024;
/** What lies over more cells than this (a long wire) is looked at in every search instead. */
const MOST_CELLS = 16;
/** Coordinates end at a million px, so a cell's column and row fit into 16 bits each. */
const BIAS = 1 << 15;

interface Span {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Placed {
  readonly rect: Rect;
  /** Null for what lies over too many cells. */
  readonly span: Span | null;
}

/** Rectangles by id, found by where they are: a search costs what it finds, not what there is. */
export class RectIndex {
  private readonly placed = new Map<string, Placed>();
  private readonly cells = new Map<number, Set<string>>();
  private readonly wide = new Set<string>();

  get size(): number {
    return this.placed.size;
  }

  get(id: string): Rect | undefined {
    return this.placed.get(id)?.rect;
  }

  rects(): Iterable<Rect> {
    return Array.from(this.placed.values(), ({ rect }) => rect);
  }

  set(id: string, rect: Rect): void {
    const old = this.placed.get(id);
    const whole = spanOf(rect);
    const span = cellsIn(whole) > MOST_CELLS ? null : whole;
    this.placed.set(id, { rect, span });
    if (old && sameSpan(old.span, span)) return;
    if (old) this.takeOut(id, old.span);
    if (span) this.eachCell(span, (key) => this.cellOf(key).add(id));
    else this.wide.add(id);
  }

  delete(id: string): void {
    const old = this.placed.get(id);
    if (!old) return;
    this.placed.delete(id);
    this.takeOut(id, old.span);
  }

  clear(): void {
    this.placed.clear();
    this.cells.clear();
    this.wide.clear();
  }

  /** Ids of all that touch the area, each once. */
  within(area: Rect): string[] {
    const found: string[] = [];
    const asked = spanOf(area);
    if (cellsIn(asked) > this.cells.size) {
      for (const [id, { rect }] of this.placed) if (overlap(rect, area)) found.push(id);
      return found;
    }
    for (const id of this.wide) if (this.touches(id, area)) found.push(id);
    for (let column = asked.left; column <= asked.right; column++) {
      for (let row = asked.top; row <= asked.bottom; row++) {
        for (const id of this.cells.get(keyOf(column, row)) ?? []) {
          const span = this.placed.get(id)?.span;
          // Named by the first of its cells that is looked at, so that it is named once.
          if (!span || column !== Math.max(span.left, asked.left) || row !== Math.max(span.top, asked.top)) {
            continue;
          }
          if (this.touches(id, area)) found.push(id);
        }
      }
    }
    return found;
  }

  private touches(id: string, area: Rect): boolean {
    const rect = this.get(id);
    return rect !== undefined && overlap(rect, area);
  }

  private takeOut(id: string, span: Span | null): void {
    if (!span) {
      this.wide.delete(id);
      return;
    }
    this.eachCell(span, (key) => {
      const cell = this.cells.get(key);
      cell?.delete(id);
      if (cell?.size === 0) this.cells.delete(key);
    });
  }

  private cellOf(key: number): Set<string> {
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = new Set()));
    return cell;
  }

  private eachCell({ left, top, right, bottom }: Span, visit: (key: number) => void): void {
    for (let column = left; column <= right; column++) {
      for (let row = top; row <= bottom; row++) visit(keyOf(column, row));
    }
  }
}

function spanOf({ x, y, width, height }: Rect): Span {
  return {
    left: Math.floor(x / CELL),
    top: Math.floor(y / CELL),
    right: Math.floor((x + width) / CELL),
    bottom: Math.floor((y + height) / CELL),
  };
}

function cellsIn({ left, top, right, bottom }: Span): number {
  return (right - left + 1) * (bottom - top + 1);
}

function sameSpan(one: Span | null, other: Span | null): boolean {
  if (!one || !other) return one === other;
  return (
    one.left === other.left &&
    one.top === other.top &&
    one.right === other.right &&
    one.bottom === other.bottom
  );
}

function keyOf(column: number, row: number): number {
  return (column + BIAS) * 2 * BIAS + row + BIAS;
}
