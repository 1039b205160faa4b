/** Where widgets stand on a page of six columns. Pure: what is stored may overlap, what is shown never does. */

import type { Cells } from "../core/types";

export const COLUMNS = 6;
export const MAX_HEIGHT = 40;
const MAX_ROW = 1_000;

export interface Placed extends Cells {
  readonly id: string;
}

/** As read: by rows, in a row from the left. */
export function readingOrder<T extends Placed>(widgets: readonly T[]): T[] {
  return widgets.toSorted((one, other) => one.y - other.y || one.x - other.x || (one.id < other.id ? -1 : 1));
}

/**
 * The same widgets without overlaps and without empty rows: each in turn goes up as far as it can. `first` keeps its place
 * before others that would have it too.
 */
export function packed<T extends Placed>(widgets: readonly T[], first?: string): T[] {
  const order = asked(readingOrder(widgets), first);
  const placed: T[] = [];
  for (const widget of order) {
    const x = Math.min(widget.x, COLUMNS - widget.w);
    let y = 0;
    while (placed.some((one) => overlap(one, { ...widget, x, y }))) y += 1;
    placed.push(widget.x === x && widget.y === y ? widget : { ...widget, x, y });
  }
  return placed;
}

/** In reading order, but what is moved onto others comes before whatever it covers. */
function asked<T extends Placed>(order: readonly T[], first: string | undefined): readonly T[] {
  const moved = order.find(({ id }) => id === first);
  if (!moved) return order;
  const rest = order.filter((one) => one !== moved);
  const at = rest.findIndex((one) => one.y >= moved.y || overlap(one, moved));
  return rest.toSpliced(at === -1 ? rest.length : at, 0, moved);
}

export function overlap(one: Cells, other: Cells): boolean {
  return (
    one.x < other.x + other.w &&
    other.x < one.x + one.w &&
    one.y < other.y + other.h &&
    other.y < one.y + one.h
  );
}

/** The widget moved by so many cells, kept on the page. */
export function moved<T extends Placed>(widget: T, columns: number, rows: number): T {
  const x = clamp(widget.x + columns, 0, COLUMNS - widget.w);
  const y = clamp(widget.y + rows, 0, MAX_ROW);
  return { ...widget, x, y };
}

/** The widget made larger or smaller by so many cells. */
export function resized<T extends Placed>(widget: T, columns: number, rows: number): T {
  const w = clamp(widget.w + columns, 1, COLUMNS - widget.x);
  const h = clamp(widget.h + rows, 1, MAX_HEIGHT);
  return { ...widget, w, h };
}

/** The widget before or behind its neighbour in reading order: both change places. */
export function swapped<T extends Placed>(widgets: readonly T[], id: string, by: 1 | -1): T[] {
  const order = readingOrder(widgets);
  const at = order.findIndex((widget) => widget.id === id);
  const one = order[at];
  const other = order[at + by];
  if (!one || !other) return [...widgets];
  const places = new Map<string, Cells>([
    [one.id, { ...other, w: one.w, h: one.h }],
    [other.id, { ...one, w: other.w, h: other.h }],
  ]);
  return widgets.map((widget) => {
    const place = places.get(widget.id);
    return place ? { ...widget, x: Math.min(place.x, COLUMNS - place.w), y: place.y } : widget;
  });
}

/** Where a new widget of this size goes: the first free place, row by row. */
export function freePlace(widgets: readonly Placed[], w: number, h: number): Cells {
  for (let y = 0; ; y += 1) {
    for (let x = 0; x <= COLUMNS - w; x += 1) {
      const place = { x, y, w, h };
      if (!widgets.some((widget) => overlap(widget, place))) return place;
    }
  }
}

/** What changed between two layouts, as fields to set. */
export function differences(
  before: readonly Placed[],
  after: readonly Placed[],
): { id: string; fields: Partial<Cells> }[] {
  const known = new Map(before.map((widget) => [widget.id, widget]));
  return after.flatMap((widget) => {
    const old = known.get(widget.id);
    if (!old) return [];
    const fields: Partial<Record<keyof Cells, number>> = {};
    for (const key of ["x", "y", "w", "h"] as const) if (old[key] !== widget[key]) fields[key] = widget[key];
    return Object.keys(fields).length > 0 ? [{ id: widget.id, fields }] : [];
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
