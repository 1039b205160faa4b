import { useStoreApi, type NodeChange } from "@xyflow/react";
import { useEffect } from "react";
import type { EditorHandle, Selection } from "../core/editorTypes";
import { NOTHING_CARRIED } from "../core/visible";
import type { CanvasState } from "./canvasState";

/**
 * Escape ends what the pointer has begun, as if it had not: a drag of cards, an area that is being selected, a wire that is
 * being drawn. The canvas library knows no such end. What it goes on to report until the pointer is pressed again is
 * not listened to: `cancelled` says so.
 */
export function useCancelling(editor: EditorHandle, canvas: CanvasState): void {
  const store = useStoreApi();
  useEffect(() => {
    let selected: Selection = editor.selection.get();
    let pointer = 0;
    const onPress = ({ pointerId }: PointerEvent): void => {
      pointer = pointerId;
      canvas.cancelled.set(false);
      selected = editor.selection.get();
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      const { connection, userSelectionRect } = store.getState();
      if (connection.inProgress) cutWire(canvas);
      else if (userSelectionRect) {
        canvas.cancelled.set(true);
        // Else the view would go on gliding towards a border that the pointer is near.
        const lost = new PointerEvent("pointercancel", { bubbles: true, pointerId: pointer });
        store.getState().domNode?.querySelector(".react-flow__pane")?.dispatchEvent(lost);
        store.setState({ userSelectionActive: false, userSelectionRect: null });
        editor.select(selected);
      } else if (canvas.carried.get() !== NOTHING_CARRIED) {
        putBack(editor, canvas, store.getState().triggerNodeChanges);
        canvas.cancelled.set(true);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    const onRelease = (): void => {
      // The library marks what it takes for selected by the area.
      if (canvas.cancelled.get()) setTimeout(() => store.setState({ nodesSelectionActive: false }));
    };
    // Before the library and the keys of actions hear of it.
    window.addEventListener("pointerdown", onPress, true);
    window.addEventListener("pointerup", onRelease, true);
    window.addEventListener("keydown", onKeyDown, true);
    return () => {
      window.removeEventListener("pointerdown", onPress, true);
      window.removeEventListener("pointerup", onRelease, true);
      window.removeEventListener("keydown", onKeyDown, true);
    };
  }, [editor, canvas, store]);
}

/** The library takes a release for the end, wherever it comes from. */
function cutWire(canvas: CanvasState): void {
  canvas.cancelled.set(true);
  for (const type of ["mouseup", "touchend"]) document.dispatchEvent(new MouseEvent(type));
  canvas.cancelled.set(false);
}

/** The end of the drag, where it began. */
function putBack({ graph }: EditorHandle, canvas: CanvasState, tell: (changes: NodeChange[]) => void): void {
  const changes = [...canvas.carried.get().ids].flatMap((id): NodeChange[] => {
    const place = graph.nodes.get(id) ?? graph.groups.get(id);
    return place ? [{ type: "position", id, position: { x: place.x, y: place.y }, dragging: false }] : [];
  });
  canvas.guides.set([]);
  canvas.insertOn.set(null);
  canvas.framing.set(true);
  tell(changes);
  canvas.framing.set(false);
}
