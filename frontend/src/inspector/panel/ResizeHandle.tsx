import { EdgeHandle } from "../../ui/EdgeHandle";
import { MAX_WIDTH, MIN_WIDTH, USUAL_WIDTH } from "./useWidth";

const RANGE = { min: MIN_WIDTH, max: MAX_WIDTH, usual: USUAL_WIDTH, step: 16 };

/** The inspector's left edge. */
export function ResizeHandle({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  return (
    <EdgeHandle
      className="inspector__handle"
      label="Width of the inspector"
      edge="left"
      size={width}
      range={RANGE}
      onResize={onResize}
    />
  );
}
