/** One step of the keyboard: a widget moves past its neighbour, or grows by a cell. Pure. */

import { moved, resized, type Placed } from "./layout";

export interface Step {
  how: "move" | "resize";
  columns: -1 | 0 | 1;
  rows: -1 | 0 | 1;
}

/** The widgets with one of them a step further; to be packed. */
export function stepped<T extends Placed>(
  widgets: readonly T[],
  widget: T,
  { how, columns, rows }: Step,
): T[] {
  const next =
    how === "resize"
      ? resized(widget, columns, rows)
      : rows === 0
        ? moved(widget, columns, 0)
        : { ...widget, y: past(widgets, widget, rows) };
  return widgets.map((one) => (one.id === widget.id ? next : one));
}

/** The row that takes it past its nearest neighbour above or below. */
function past(widgets: readonly Placed[], widget: Placed, rows: -1 | 1): number {
  const others = widgets.filter(
    (one) => one.id !== widget.id && one.x < widget.x + widget.w && widget.x < one.x + one.w,
  );
  if (rows > 0) {
    const below = others.filter(({ y }) => y >= widget.y + widget.h);
    const next = below.toSorted((one, other) => one.y - other.y)[0];
    return next ? next.y + next.h : widget.y;
  }
  const above = others.filter(({ y, h }) => y + h <= widget.y);
  const next = above.toSorted((one, other) => other.y - one.y)[0];
  return next ? next.y : Math.max(0, widget.y - 1);
}
