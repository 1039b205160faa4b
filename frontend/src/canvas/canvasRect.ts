import type { Rect } from "../core/geometry";

/** Where the canvas lies in the window; the whole window while there is none. */
export function canvasRect(): Rect {
  const found = document.querySelector(".canvas")?.getBoundingClientRect();
  if (!found?.width) return { x: 0, y: 0, width: innerWidth, height: innerHeight };
  const { x, y, width, height } = found;
  return { x, y, width, height };
}
