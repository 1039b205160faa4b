import { useStoreApi } from "@xyflow/react";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { EditorHandle } from "../../core/editorTypes";
import { FramesInView, type FramesShown } from "../../core/groups/framesInView";
import type { CanvasState } from "../canvasState";
import { seen } from "../useScene";

/** The frames and notes that have to be in the page for what is looked at. */
export function useFramesInView(editor: EditorHandle, { frame, renaming }: CanvasState): FramesShown {
  const store = useStoreApi();
  const [frames] = useState(() => {
    return new FramesInView(editor, () => [frame.get(), renaming.get()].filter((id) => id !== null));
  });
  useEffect(() => {
    const look = (): void => frames.look(seen(store.getState()), store.getState().transform[2]);
    const stops = [
      frames.follow(),
      frame.subscribe(frames.refresh),
      renaming.subscribe(frames.refresh),
      store.subscribe((now, before) => {
        if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height)
          look();
      }),
    ];
    look();
    return () => stops.forEach((stop) => stop());
  }, [frames, frame, renaming, store]);
  return useSyncExternalStore(frames.subscribe, frames.get);
}
