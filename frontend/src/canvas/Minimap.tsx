import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef, type PointerEvent } from "react";
import type { Editor } from "../core/editor";
import { bounds, type Rect } from "../core/geometry";
import { useOpenFlow } from "../live/context";
import type { CanvasNode } from "./canvasNodes";
import { paintFlow, type Transform } from "./paintFlow";
import { onceAFrame, prepare, useColours } from "./usePainting";
import { rectOf } from "./useView";

const WIDTH = 176;
const HEIGHT = 120;
const MARGIN = 8;
/** Live colours need no more than this; the frame around what is seen follows at once. */
const LIVE_EVERY_MS = 250;

/** The whole flow in a corner, with a frame around what is seen; a press or drag goes there. */
export function Minimap({ editor, nodes }: { editor: Editor; nodes: readonly CanvasNode[] }) {
  const { live } = useOpenFlow();
  const colours = useColours();
  const store = useStoreApi();
  const { setCenter, getZoom } = useReactFlow();
  const canvas = useRef<HTMLCanvasElement>(null);
  const place = useMemo(() => placeAll(nodes), [nodes]);

  useEffect(() => {
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      const ratio = devicePixelRatio;
      const { width, height } = context.canvas;
      const transform = { x: place.x * ratio, y: place.y * ratio, zoom: place.zoom * ratio };
      paintFlow(context, { nodes, edges: editor.graph.edges, live, colours, transform, width, height });
      paintFrame(context, transform, seen(store.getState()), colours.accent);
    };
    const painter = onceAFrame(draw);
    draw();
    let due: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      due ??= setTimeout(() => {
        due = undefined;
        painter.ask();
      }, LIVE_EVERY_MS);
    };
    const stops = [store.subscribe(painter.ask), live.subscribeAll(later)];
    return () => {
      painter.stop();
      clearTimeout(due);
      for (const stop of stops) stop();
    };
  }, [nodes, editor, live, colours, store, place]);

  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - left - place.x) / place.zoom;
    const y = (event.clientY - top - place.y) / place.zoom;
    void setCenter(x, y, { zoom: getZoom(), duration: 0 });
  };

  return (
    <canvas
      ref={canvas}
      className="minimap"
      role="img"
      aria-label="Map of the flow"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) go(event);
      }}
    />
  );
}

function placeAll(nodes: readonly CanvasNode[]): Transform {
  const all = bounds(nodes.map(rectOf)) ?? { x: 0, y: 0, width: 1, height: 1 };
  const zoom = Math.min((WIDTH - 2 * MARGIN) / all.width, (HEIGHT - 2 * MARGIN) / all.height, 0.15);
  return {
    x: (WIDTH - all.width * zoom) / 2 - all.x * zoom,
    y: (HEIGHT - all.height * zoom) / 2 - all.y * zoom,
    zoom,
  };
}

function seen({
  transform: [x, y, zoom],
  width,
  height,
}: {
  transform: readonly number[];
  width: number;
  height: number;
}): Rect {
  const scale = zoom ?? 1;
  return { x: -(x ?? 0) / scale, y: -(y ?? 0) / scale, width: width / scale, height: height / scale };
}

function paintFrame(
  context: CanvasRenderingContext2D,
  { x, y, zoom }: Transform,
  rect: Rect,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, devicePixelRatio);
  context.strokeRect(rect.x * zoom + x, rect.y * zoom + y, rect.width * zoom, rect.height * zoom);
}
