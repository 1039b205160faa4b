import { Tile } from "../ui/Tile";
import type { Dragged } from "./useRowDrag";

/** What hangs at the pointer while a component is dragged. */
export function DragGhost({ dragged: { component, window } }: { dragged: Dragged }) {
  return (
    <div className="palette__ghost" style={{ left: window.x, top: window.y }} aria-hidden="true">
      <Tile icon={component.icon} category={component.category} />
      <span className="strong clip">{component.title}</span>
    </div>
  );
}
