import type { CSSProperties } from "react";
import type { Point, Rect } from "../core/geometry";

const MARGIN = 8;

/** Where something of at most this size stands at a point of the window, and still inside the window. */
export function placeInWindow(
  point: Point,
  { width, height }: Pick<Rect, "width" | "height">,
): CSSProperties {
  const left = Math.max(MARGIN, Math.min(point.x, innerWidth - width - MARGIN));
  const top = Math.max(MARGIN, Math.min(point.y, innerHeight - height - MARGIN));
  return { position: "fixed", left, top, width, maxHeight: height };
}
