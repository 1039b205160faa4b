import type { KeyboardEvent, PointerEvent } from "react";

interface EdgeHandleProps {
  className: string;
  label: string;
  /** The edge that is moved: of a panel on the right, or of a drawer below. */
  edge: "left" | "top";
  /** Px; `usual` is what a double click sets. */
  size: number;
  range: { readonly min: number; readonly max: number; readonly usual: number; readonly step: number };
  onResize: (size: number) => void;
}

/** A panel's edge: dragged, moved with the arrow keys, set back with a double click. */
export function EdgeHandle({ className, label, edge, size, range, onResize }: EdgeHandleProps) {
  const along = edge === "left" ? "clientX" : "clientY";
  const drag = (start: PointerEvent<HTMLDivElement>): void => {
    const handle = start.currentTarget;
    handle.setPointerCapture(start.pointerId);
    const move = (event: globalThis.PointerEvent): void => onResize(size + start[along] - event[along]);
    const end = (): void => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("lostpointercapture", end);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = {
      [edge === "left" ? "ArrowLeft" : "ArrowUp"]: size + range.step,
      [edge === "left" ? "ArrowRight" : "ArrowDown"]: size - range.step,
      Home: range.max,
      End: range.min,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    onResize(wanted);
  };
  return (
    <div
      className={className}
      role="separator"
      aria-orientation={edge === "left" ? "vertical" : "horizontal"}
      aria-label={label}
      aria-valuenow={size}
      aria-valuemin={range.min}
      aria-valuemax={range.max}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => onResize(range.usual)}
      onKeyDown={onKeyDown}
    />
  );
}
