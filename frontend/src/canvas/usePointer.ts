import { useStoreApi } from "@xyflow/react";
import { useMemo, type PointerEvent } from "react";
import type { CanvasState } from "./canvasState";

/** Keeps where on the flow the pointer is: what is pasted goes there. */
export function usePointer(canvas: CanvasState) {
  const store = useStoreApi();
  return useMemo(
    () => ({
      onPointerMove({ clientX, clientY }: PointerEvent) {
        const { domNode, transform } = store.getState();
        const box = domNode?.getBoundingClientRect();
        if (!box) return;
        const [x, y, zoom] = transform;
        canvas.pointer.set({ x: (clientX - box.left - x) / zoom, y: (clientY - box.top - y) / zoom });
      },
      onPointerLeave: () => canvas.pointer.set(null),
    }),
    [canvas, store],
  );
}
