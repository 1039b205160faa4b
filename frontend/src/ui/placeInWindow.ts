import type { CSSProperties } from "react";
import type { Point, Rect } from "../core/geometry";

const MARGIN = 8;

/** Where something of at most this size stands at a point of the window, and still inside the window, or a part of it. */
export function placeInWindow(
  point: Point,
  { width, height }: Pick<Rect, "width" | "height">,
  room: Rect = { x: 0, y: 0, width: innerWidth, height: innerHeight },
): CSSProperties {
  const left = within(point.x, room.x, room.width - width);
  const top = within(point.y, room.y, room.height - height);
  return { position: "fixed", left, top, width, maxHeight: height };
}

function within(wanted: number, start: number, room: number): number {
  return Math.max(start + MARGIN, Math.min(wanted, start + room - MARGIN));
}
