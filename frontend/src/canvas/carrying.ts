import { useCallback, useSyncExternalStore } from "react";
import { NOTHING_CARRIED, type Carried } from "../core/visible";
import { useCanvasState } from "./canvasState";

/**
 * Moves what is carried, element by element: a style that they inherit would be a new style for everything on the canvas.
 */
export function showCarried(canvas: HTMLElement | null, { ids, by }: Carried): void {
  const translate = ids.size > 0 ? `${String(by.x)}px ${String(by.y)}px` : "";
  for (const element of canvas?.querySelectorAll<HTMLElement | SVGElement>(".carried") ?? []) {
    element.style.translate = translate;
  }
}

/** The nodes that a drag moves: the same set while it goes on. */
export function useCarriedIds(): ReadonlySet<string> {
  const { carried } = useCanvasState();
  return useSyncExternalStore(carried.subscribe, () => carried.get().ids);
}

/**
 * What a drag does to a wire. One with both ends carried moves as it is, by a style; one with one end carried has
 * another path after every step, and is told by how much.
 */
export function useCarriedWire(source: string, target: string): Carried | "whole" | null {
  const { carried } = useCanvasState();
  const read = useCallback(() => {
    const now = carried.get();
    if (now === NOTHING_CARRIED) return null;
    const start = now.ids.has(source);
    if (start === now.ids.has(target)) return start ? "whole" : null;
    return now;
  }, [carried, source, target]);
  return useSyncExternalStore(carried.subscribe, read);
}
