import { useCallback, useSyncExternalStore } from "react";
import { NOTHING_CARRIED, type Carried } from "../core/visible";
import { useCanvasState } from "./canvasState";

/** Where the library keeps cards, wires and what stands on wires. */
const HOLDERS = ".react-flow__nodes, .react-flow__edges, .react-flow__edgelabel-renderer";
/** A card, a wire or what stands on one that stays where it is. */
const STAYS = ".react-flow__node:not(.carried), .wire:not(.carried), .wire__label:not(.carried)";
const CARRYING = "is-carrying";

/**
 * Moves what is carried: all that is in the page by what holds it, three elements however many cards there are; else
 * element by element. A style that they inherit would be a new style for everything on the canvas.
 */
export function showCarried(canvas: HTMLElement | null, { ids, by }: Carried): void {
  if (!canvas) return;
  const translate = ids.size > 0 ? `${String(by.x)}px ${String(by.y)}px` : "";
  const all = ids.size > 0 && canvas.querySelector(STAYS) === null;
  if (all || canvas.classList.contains(CARRYING)) {
    canvas.classList.toggle(CARRYING, all);
    translateBy(canvas, HOLDERS, all ? translate : "");
  }
  translateBy(canvas, ".carried", all ? "" : translate);
}

function translateBy(canvas: HTMLElement, selector: string, translate: string): void {
  for (const element of canvas.querySelectorAll<HTMLElement | SVGElement>(selector)) {
    if (element.style.translate !== translate) element.style.translate = translate;
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
