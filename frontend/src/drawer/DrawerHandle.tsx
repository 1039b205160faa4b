import { EdgeHandle } from "../ui/EdgeHandle";
import { MAX_HEIGHT, MIN_HEIGHT, USUAL_HEIGHT } from "./useHeight";

const RANGE = { min: MIN_HEIGHT, max: MAX_HEIGHT, usual: USUAL_HEIGHT, step: 24 };

/** The drawer's upper edge. */
export function DrawerHandle({ height, onResize }: { height: number; onResize: (height: number) => void }) {
  return (
    <EdgeHandle
      className="drawer__handle"
      label="Height of the drawer"
      edge="top"
      size={height}
      range={RANGE}
      onResize={onResize}
    />
  );
}
