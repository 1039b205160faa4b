import type { Point, Rect } from "../../core/geometry";

/** At least as large as the bar of a frame's tools, px of the flow. */
const TOOLS = { width: 290, height: 36 };
/** Between the bar and its frame, and the edge of the canvas. */
const GAP = 6;

/** Where the bar's lower right corner is: above the frame's right corner, or as near to that as it is seen whole. */
export function toolsPlace(frame: Rect, seen: Rect): Point {
  return {
    x: within(frame.x + frame.width, seen.x + TOOLS.width + GAP, seen.x + seen.width - GAP),
    y: within(frame.y - GAP, seen.y + TOOLS.height + GAP, seen.y + seen.height - GAP),
  };
}

function within(wanted: number, least: number, most: number): number {
  return Math.max(least, Math.min(wanted, most));
}
