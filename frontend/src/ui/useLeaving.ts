import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

/**
 * For what lies over the page without being modal: `close` is called when a person presses or goes elsewhere, and
 * when it is gone the focus returns to where it was, unless it has gone on by itself or `stay` was called.
 */
export function useLeaving(around: RefObject<HTMLElement | null>, close: () => void): { stay: () => void } {
  const stays = useRef(false);
  const leave = useEffectEvent((event: Event) => {
    if (event.target instanceof Node && !around.current?.contains(event.target)) close();
  });
  useEffect(() => {
    const before = document.activeElement;
    const element = around.current;
    const onLeave = (event: Event): void => leave(event);
    document.addEventListener("pointerdown", onLeave, true);
    document.addEventListener("focusin", onLeave);
    return () => {
      document.removeEventListener("pointerdown", onLeave, true);
      document.removeEventListener("focusin", onLeave);
      const now = document.activeElement;
      const lost = now === null || now === document.body || element?.contains(now);
      if (!stays.current && lost && before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [around]);
  return { stay: () => void (stays.current = true) };
}
