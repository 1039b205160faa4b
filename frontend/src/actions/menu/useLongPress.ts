import { useEffect, useEffectEvent } from "react";
import type { Point } from "../../core/geometry";

const LONG_MS = 500;
/** A finger is never quite still, px. */
const STILL = 10;

/** A finger held still on the canvas; for browsers that make no context menu of it by themselves. */
export function useLongPress(run: (element: Element, at: Point) => void): void {
  const pressed = useEffectEvent(run);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let start: Point = { x: 0, y: 0 };
    let fingers = 0;
    let held = false;
    const stop = (): void => clearTimeout(timer);
    const onDown = (event: PointerEvent): void => {
      stop();
      held = false;
      if (event.pointerType !== "touch" || !(event.target instanceof Element)) return;
      fingers = event.isPrimary ? 1 : fingers + 1;
      if (fingers > 1 || !event.target.closest(".canvas")) return;
      const { target, clientX: x, clientY: y } = event;
      start = { x, y };
      timer = setTimeout(() => {
        held = true;
        pressed(target, start);
      }, LONG_MS);
    };
    const onMove = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL) stop();
    };
    // Else the browser clicks where the finger is lifted, and the menu goes.
    const onLift = (event: TouchEvent): void => {
      if (held && event.cancelable) event.preventDefault();
    };
    const stops = ["pointerup", "pointercancel", "contextmenu"] as const;
    // In the capture phase: the canvas library keeps these events to itself.
    window.addEventListener("pointerdown", onDown, true);
    window.addEventListener("pointermove", onMove, true);
    window.addEventListener("touchend", onLift, { capture: true, passive: false });
    for (const name of stops) window.addEventListener(name, stop, true);
    return () => {
      stop();
      window.removeEventListener("pointerdown", onDown, true);
      window.removeEventListener("pointermove", onMove, true);
      window.removeEventListener("touchend", onLift, true);
      for (const name of stops) window.removeEventListener(name, stop, true);
    };
  }, []);
}
