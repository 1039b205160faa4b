import { useStoreApi } from "@xyflow/react";
import { useEffect, type RefObject } from "react";

/** So long after the last step the view is taken to stand still. */
const STILL_AFTER_MS = 200;

/**
 * While the view moves at one zoom, what is in it is a layer of its own, shifted and not drawn again. When it is zoomed
 * it must be drawn again, or letters would blur.
 */
export function useGliding(canvas: RefObject<HTMLElement | null>): void {
  const store = useStoreApi();
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined;
    const glide = (on: boolean): void => {
      clearTimeout(due);
      canvas.current?.classList.toggle("is-gliding", on);
      if (on) due = setTimeout(() => glide(false), STILL_AFTER_MS);
    };
    const stop = store.subscribe((now, before) => {
      if (now.transform !== before.transform) glide(now.transform[2] === before.transform[2]);
    });
    return () => {
      clearTimeout(due);
      stop();
    };
  }, [canvas, store]);
}
