import type { KeyboardEvent, PointerEvent } from "react";
import { MAX_HEIGHT, MIN_HEIGHT, USUAL_HEIGHT } from "./useHeight";

/** One press of an arrow key; px. */
const STEP = 24;

interface DrawerHandleProps {
  height: number;
  onResize: (height: number) => void;
}

/** The drawer's upper edge: dragged, moved with the arrow keys, set back with a double click. */
export function DrawerHandle({ height, onResize }: DrawerHandleProps) {
  const drag = (start: PointerEvent<HTMLDivElement>): void => {
    const handle = start.currentTarget;
    handle.setPointerCapture(start.pointerId);
    const move = (event: globalThis.PointerEvent): void => onResize(height + start.clientY - event.clientY);
    const end = (): void => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("lostpointercapture", end);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = {
      ArrowUp: height + STEP,
      ArrowDown: height - STEP,
      Home: MAX_HEIGHT,
      End: MIN_HEIGHT,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    onResize(wanted);
  };
  return (
    <div
      className="drawer__handle"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the drawer"
      aria-valuenow={height}
      aria-valuemin={MIN_HEIGHT}
      aria-valuemax={MAX_HEIGHT}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => onResize(USUAL_HEIGHT)}
      onKeyDown={onKeyDown}
    />
  );
}
