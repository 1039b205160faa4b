import { ViewportPortal } from "@xyflow/react";
import { useReadable } from "../live/hooks";
import { useCanvasState } from "./canvasState";

/** The lines that a dragged card is in line with. */
export function GuideLines() {
  const lines = useReadable(useCanvasState().guides);
  if (lines.length === 0) return null;
  return (
    <ViewportPortal>
      {lines.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          className={`guide guide--${axis}`}
          style={
            axis === "x"
              ? { left: at, top: from, height: to - from }
              : { top: at, left: from, width: to - from }
          }
        />
      ))}
    </ViewportPortal>
  );
}
