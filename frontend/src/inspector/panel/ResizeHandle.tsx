import type { KeyboardEvent, PointerEvent } from "react";

import { MAX_WIDTH, MIN_WIDTH, USUAL_WIDTH } from "./useWidth";

/** One press of an arrow key; px. */
const STEP = 16;

interface ResizeHandleProps {
  width: number;
  onResize: (width: number) => void;
}

/** The panel's left edge: dragged, moved with the arrow keys, set back with a double click. */
export function ResizeHandle({ width, onResize }: ResizeHandleProps) {
  const drag = (start: PointerEvent<HTMLDivElement>) => {
    const handle = start.currentTarget;
    handle.setPointerCapture(start.pointerId);
    const move = (event: globalThis.PointerEvent) => onResize(width + start.clientX - event.clientX);
    const end = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("lostpointercapture", end);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = {
      ArrowLeft: width + STEP,
      ArrowRight: width - STEP,
      Home: MAX_WIDTH,
      End: MIN_WIDTH,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    onResize(wanted);
  };
  return (
    <div
      className="inspector__handle"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the inspector"
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => onResize(USUAL_WIDTH)}
      onKeyDown={onKeyDown}
    />
  );
}
