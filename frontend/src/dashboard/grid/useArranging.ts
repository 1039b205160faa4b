import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent, type RefObject } from "react";

import type { Widget } from "../core/types";
import { COLUMNS, moved, packed, resized } from "./layout";

/** Height of a row with the gap below it; as in dashboard.css. */
const ROW = 60;
const GAP = 12;

interface Arranging {
  /** How it would stand if one let go now; null while nothing is dragged. */
  preview: readonly Widget[] | null;
  begin: (event: ReactPointerEvent<HTMLElement>, id: string, how: "move" | "resize") => void;
}

/** Dragging of widgets and of their corners, cell by cell. Escape gives it up. */
export function useArranging(
  grid: RefObject<HTMLDivElement | null>,
  stands: readonly Widget[],
  onDrop: (after: readonly Widget[]) => void,
): Arranging {
  const [preview, setPreview] = useState<readonly Widget[] | null>(null);
  const latest = useRef({ stands, onDrop });
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => {
    latest.current = { stands, onDrop };
  });
  useEffect(() => () => stop.current(), []);

  const begin: Arranging["begin"] = (event, id, how) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.focus();
    stop.current();
    const { pointerId, clientX, clientY } = event;
    // Listened to from now on, not from the next drawing: who is quick has let go by then.
    const listening = new AbortController();
    let after: readonly Widget[] | null = null;
    const end = (): void => {
      listening.abort();
      setPreview(null);
    };
    stop.current = end;
    const on = <K extends keyof WindowEventMap>(
      kind: K,
      listener: (event: WindowEventMap[K]) => void,
    ): void => window.addEventListener(kind, listener, { signal: listening.signal });
    on("pointermove", (move) => {
      if (move.pointerId !== pointerId || !grid.current) return;
      const column = (grid.current.clientWidth + GAP) / COLUMNS;
      const columns = Math.round((move.clientX - clientX) / column);
      const rows = Math.round((move.clientY - clientY) / ROW);
      const change = how === "move" ? moved : resized;
      const wished = latest.current.stands.map((one) => (one.id === id ? change(one, columns, rows) : one));
      after = packed(wished, id);
      setPreview(after);
    });
    on("pointerup", (up) => {
      if (up.pointerId !== pointerId) return;
      end();
      if (after) latest.current.onDrop(after);
    });
    on("pointercancel", end);
    on("keydown", (key) => {
      if (key.key === "Escape") end();
    });
  };
  return { preview, begin };
}
