import { useEffect, useEffectEvent, useRef, useState, type PointerEvent } from "react";
import { useCanvasState } from "../canvas/canvasState";
import { HEAD_HEIGHT, NODE_WIDTH, type Point } from "../core/geometry";
import type { Component } from "../core/types";

/** So far a pointer has to go before a press is a drag, px. */
const FAR = 6;

export interface Dragged {
  readonly component: Component;
  readonly window: Point;
}

/**
 * Dragging a component onto the canvas with any pointer: by pointer events, because the browser's own drag does
 * not know fingers. It lands with its title under the pointer. Escape ends a drag without adding. `over` hears
 * of every step on the way, and of the end with null.
 */
export function useRowDrag(
  add: (component: Component, at: Point, window: Point) => void,
  over: (dragged: Dragged | null) => void,
) {
  const { view } = useCanvasState();
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const pressed = useRef<{ component: Component; start: Point; pointer: number } | null>(null);
  const dragging = dragged !== null;

  const move = useEffectEvent((event: globalThis.PointerEvent) => {
    const { current: press } = pressed;
    if (!press || event.pointerId !== press.pointer) return;
    const window = { x: event.clientX, y: event.clientY };
    const far = Math.hypot(window.x - press.start.x, window.y - press.start.y) >= FAR;
    if (!dragged && !far) return;
    setDragged({ component: press.component, window });
    over({ component: press.component, window });
  });
  const end = useEffectEvent((event: Event) => {
    const press = pressed.current;
    if (event instanceof KeyboardEvent ? event.key !== "Escape" : !isOurs(event, press?.pointer)) return;
    pressed.current = null;
    if (!dragged) return;
    setDragged(null);
    over(null);
    if (event.type !== "pointerup" || !(event instanceof MouseEvent)) return;
    const window = { x: event.clientX, y: event.clientY };
    if (!document.elementFromPoint(window.x, window.y)?.closest(".canvas")) return;
    const at = view.get()?.at(window) ?? window;
    add(dragged.component, { x: at.x - NODE_WIDTH / 2, y: at.y - HEAD_HEIGHT / 2 }, window);
  });
  useEffect(() => {
    const onMove = (event: globalThis.PointerEvent): void => move(event);
    const onEnd = (event: Event): void => end(event);
    const ends = ["pointerup", "pointercancel", "keydown"];
    window.addEventListener("pointermove", onMove);
    for (const name of ends) window.addEventListener(name, onEnd);
    return () => {
      window.removeEventListener("pointermove", onMove);
      for (const name of ends) window.removeEventListener(name, onEnd);
    };
  }, []);
  useEffect(() => {
    document.documentElement.classList.toggle("is-dragging", dragging);
  }, [dragging]);

  const press = (component: Component, event: PointerEvent): void => {
    if (event.button !== 0) return;
    pressed.current = {
      component,
      start: { x: event.clientX, y: event.clientY },
      pointer: event.pointerId,
    };
  };
  return { dragged, press };
}

function isOurs(event: Event, pointer: number | undefined): boolean {
  return event instanceof PointerEvent && event.pointerId === pointer;
}
