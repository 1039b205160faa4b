import { EdgeHandle } from "../ui/EdgeHandle";
import { MAX_HEIGHT, MIN_HEIGHT, USUAL_HEIGHT } from "./useHeight";

interface DrawerHandleProps {
  height: number;
  usual: number | undefined;
  onResize: (height: number) => void;
}

/** The drawer's upper edge. */
export function DrawerHandle({ height, usual = USUAL_HEIGHT, onResize }: DrawerHandleProps) {
  return (
    <EdgeHandle
      className="drawer__handle"
      label="Height of the drawer"
      edge="top"
      size={height}
      range={{ min: MIN_HEIGHT, max: MAX_HEIGHT, usual, step: 24 }}
      onResize={onResize}
    />
  );
}
