import { useEffect, useRef, useState, type PointerEvent as Pressed } from "react";

import { fieldAt, useCarrying } from "./carrying";

/** So far a press is still a click; px. */
const SLACK = 4;
/** Near the edges of what scrolls it goes on by so much per move; px. */
const EDGE = 32;
const STEP = 12;

export interface Dragged {
  path: string;
  x: number;
  y: number;
  /** Whether it would be written somewhere if it were let go, and what speaks against it. */
  over: boolean;
  misfit: string;
}

export interface Drag {
  dragged: Dragged | null;
  /** For `onPointerDown` of a row: a mouse drags all of it, a finger its grip alone, as rows also scroll. */
  start: (event: Pressed<HTMLElement>, path: string) => void;
  /** Whether the click that ends a drag is to be passed over. */
  wasDrag: () => boolean;
}

/** Rows that are dragged onto fields by mouse, finger or pen. */
export function useDrag(): Drag {
  const carrying = useCarrying();
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const moved = useRef(false);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);

  const start = (down: Pressed<HTMLElement>, path: string): void => {
    moved.current = false;
    const onGrip = down.target instanceof Element && down.target.closest("[data-grip]") !== null;
    if (down.button !== 0 || (down.pointerType !== "mouse" && !onGrip)) return;
    let field: HTMLElement | null = null;
    const mark = (next: HTMLElement | null): void => {
      field?.removeAttribute("data-over");
      field = next;
      field?.setAttribute("data-over", "");
    };
    const move = (event: PointerEvent): void => {
      if (event.pointerId !== down.pointerId) return;
      const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
      if (!moved.current && far < SLACK) return;
      moved.current = true;
      event.preventDefault();
      const below = document.elementFromPoint(event.clientX, event.clientY);
      mark(fieldAt(below));
      scrollBy(below, event.clientY);
      const pointer = field?.dataset["pointer"];
      const misfit = pointer === undefined ? "" : carrying.misfit(path, pointer);
      setDragged({ path, x: event.clientX, y: event.clientY, over: pointer !== undefined, misfit });
    };
    const stop = (): void => {
      mark(null);
      setDragged(null);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", stop);
      window.removeEventListener("keydown", escape, true);
      end.current = null;
    };
    const up = (event: PointerEvent): void => {
      if (event.pointerId !== down.pointerId) return;
      const pointer = field?.dataset["pointer"];
      stop();
      if (moved.current && pointer !== undefined) carrying.put(path, pointer);
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      stop();
    };
    end.current?.();
    end.current = stop;
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", stop);
    window.addEventListener("keydown", escape, true);
  };
  return { dragged, start, wasDrag: () => moved.current };
}

function scrollBy(below: Element | null, y: number): void {
  const pane = below?.closest(".mapping__scroll");
  if (!pane) return;
  const { top, bottom } = pane.getBoundingClientRect();
  if (y < top + EDGE) pane.scrollTop -= STEP;
  else if (y > bottom - EDGE) pane.scrollTop += STEP;
}
