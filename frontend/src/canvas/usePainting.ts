import { useEffect, useState, type RefObject } from "react";
import { readColours, type Colours } from "./paintFlow";

/** The theme's colours; read again when the theme changes. */
export function useColours(): Colours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const read = (): void => setColours(readColours());
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", read);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", read);
    };
  }, []);
  return colours;
}

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
    stop: () => cancelAnimationFrame(frame),
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
