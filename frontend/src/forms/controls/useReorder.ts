/** Items are moved by a handle: dragged with the pointer, or with the arrow keys while it has the focus. */

import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

interface Drag {
  from: number;
  over: number;
}

export interface Reorder {
  /** For the handle of item `index`. */
  handle: (index: number) => {
    "data-handle": number;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
  };
  /** For the item itself: which side of it the dragged one would come to. */
  drop: (index: number) => "before" | "after" | undefined;
  /** What is read out after a move. */
  said: string;
}

/** `move` puts the item at `from` where the one at `to` is. Handles stand in items that are children of one `[data-items]`. */
export function useReorder(count: number, move: (from: number, to: number) => void): Reorder {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [said, setSaid] = useState("");
  const follow = useRef<{ items: Element; index: number } | null>(null);

  // The focus goes along with the item: its handle is another element once it has moved.
  useEffect(() => {
    const wanted = follow.current;
    follow.current = null;
    wanted?.items.querySelector<HTMLElement>(`:scope > * [data-handle="${wanted.index}"]`)?.focus();
  });

  const carry = (handle: HTMLElement, from: number, to: number) => {
    if (to < 0 || to >= count || to === from) return;
    const items = handle.closest("[data-items]");
    if (items) follow.current = { items, index: to };
    setSaid(`Item ${from + 1} moved to place ${to + 1} of ${count}`);
    move(from, to);
  };
  return {
    said,
    drop: (index) =>
      drag && drag.over === index && drag.from !== index
        ? drag.from < index
          ? "after"
          : "before"
        : undefined,
    handle: (index) => ({
      "data-handle": index,
      onKeyDown: (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        carry(event.currentTarget, index, index + step);
      },
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: index, over: index });
      },
      onPointerMove: (event) => {
        if (!drag) return;
        const over = itemAt(event.currentTarget, event.clientY);
        if (over !== drag.over) setDrag({ ...drag, over });
      },
      onPointerUp: () => {
        if (drag && drag.over !== drag.from) {
          setSaid(`Item ${drag.from + 1} moved to place ${drag.over + 1} of ${count}`);
          move(drag.from, drag.over);
        }
        setDrag(null);
      },
      onPointerCancel: () => setDrag(null),
    }),
  };
}

/** Index of the item at a height of the window; the nearest where there is none. */
function itemAt(handle: HTMLElement, y: number): number {
  const items = [...(handle.closest("[data-items]")?.children ?? [])];
  const found = items.findIndex((item) => y < item.getBoundingClientRect().bottom);
  return found < 0 ? items.length - 1 : found;
}
