import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { cardOf } from "../core/groups/fold";
import type { CanvasState } from "./canvasState";
import type { View } from "./useView";

/**
 * Shows what another part of the page wants shown. The answer, called when the canvas is there, shows that first; else the
 * part that was seen when this view was left; else all of it.
 */
export function useArriving(editor: EditorHandle, state: CanvasState, view: View): () => void {
  const store = useStoreApi();
  const { setViewport } = useReactFlow();
  const showWish = useCallback((): boolean => {
    const wish = editor.revealing.get();
    // A canvas that is about to go has another view than the one that is wished for.
    if (!wish || editor.view !== editor.within.get()) return false;
    editor.revealing.set(null);
    view.show(cardOf(editor.graph, wish.id));
    return true;
  }, [editor, view]);

  useEffect(() => editor.revealing.subscribe(() => void showWish()), [editor, showWish]);
  useEffect(
    () => () => {
      const [x, y, zoom] = store.getState().transform;
      state.left.set(editor.view, { x, y, zoom });
      // A frame or a name that somebody was at stays behind.
      state.frame.set(null);
      state.renaming.set(null);
    },
    [editor, state, store],
  );
  return useCallback(() => {
    const left = state.left.get(editor.view);
    if (left) void setViewport(left);
    else view.fitAtOnce();
    const isOther = state.left.size > 0;
    if (!showWish() && isOther) focusCanvas(store.getState().domNode);
  }, [editor, state, store, view, setViewport, showWish]);
}

/** Its name says which view this is; the keys of the canvas go on where they were used. */
function focusCanvas(canvas: HTMLElement | null): void {
  if (document.activeElement === document.body) canvas?.focus({ preventScroll: true });
}
