import { useEffect, type RefObject } from "react";
import { fieldWish } from "./goTo";

/** Forms come with the selection, a few frames after the wish. */
const FRAMES = 20;

/** Brings the field that somebody was sent to into view and gives it the focus; `prepare` makes sure that it is drawn. */
export function useFieldWish(panel: RefObject<HTMLElement | null>, prepare: () => void): void {
  useEffect(() => {
    let frame = 0;
    const look = (pointer: string, left: number): void => {
      const place = panel.current?.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`);
      const field = place?.querySelector<HTMLElement>("input, select, textarea, button") ?? null;
      if (field) {
        field.scrollIntoView({ block: "center" });
        field.focus({ preventScroll: true });
        fieldWish.set(null);
      } else if (left > 0) {
        frame = requestAnimationFrame(() => look(pointer, left - 1));
      }
    };
    const wish = (): void => {
      const wanted = fieldWish.get();
      if (!wanted) return;
      prepare();
      cancelAnimationFrame(frame);
      look(wanted.pointer, FRAMES);
    };
    const stop = fieldWish.subscribe(wish);
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [panel, prepare]);
}
