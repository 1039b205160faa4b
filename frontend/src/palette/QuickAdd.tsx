import { useActionContext } from "../actions/context";
import type { Adding } from "../canvas/canvasState";
import { useReadable } from "../live/hooks";
import { typedInto } from "../ui/typedInto";

export const QuickChoice = typedInto<{ adding: Adding }>("Add a component", () => import("./QuickChoice"));

/** The choice of a component where a wire was dropped, or where `/` was pressed. */
export function QuickAdd() {
  const { canvas } = useActionContext();
  const adding = useReadable(canvas.adding);
  return (
    adding && <QuickChoice key={`${String(adding.window.x)} ${String(adding.window.y)}`} adding={adding} />
  );
}
