import type { RefObject } from "react";

/** Calls `draw` once per animation frame at most, however often it is asked. */
export function onceAFrame(draw: () => void): { ask: () => void; stop: () => void } {
  let frame = 0;
  return {
    ask() {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw();
      });
    },
    stop() {
      cancelAnimationFrame(frame);
      frame = 0;
    },
  };
}

/** Calls `run` at most once in so many milliseconds, and once after the last time it was asked. */
export function notMoreOftenThan(ms: number, run: () => void): { ask: () => void; stop: () => void } {
  let due: ReturnType<typeof setTimeout> | undefined;
  return {
    ask() {
      due ??= setTimeout(() => {
        due = undefined;
        run();
      }, ms);
    },
    stop: () => clearTimeout(due),
  };
}

/** Fits the canvas element's pixels to its size on the screen; answers the context to draw with. */
export function prepare(ref: RefObject<HTMLCanvasElement | null>): CanvasRenderingContext2D | null {
  const canvas = ref.current;
  if (!canvas) return null;
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return canvas.getContext("2d");
}
