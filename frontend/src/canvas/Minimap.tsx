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
  const content = useMemo(() => bounds(nodes.map(rectOf)), [nodes]);
  const placed = useRef<Transform>({ x: 0, y: 0, zoom: 1 });

  useEffect(() => {
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      const ratio = devicePixelRatio;
      const { width, height } = context.canvas;
      const view = seen(store.getState());
      const place = fitInto(bounds(content ? [content, view] : [view]) ?? view);
      placed.current = place;
      const transform = { x: place.x * ratio, y: place.y * ratio, zoom: place.zoom * ratio };
      paintFlow(context, { nodes, edges: editor.graph.edges, live, colours, transform, width, height });
      paintFrame(context, transform, view, colours.accent);
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
  }, [nodes, editor, live, colours, store, content]);

  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { x: left0, y: top0, zoom } = placed.current;
    const x = (event.clientX - left - left0) / zoom;
    const y = (event.clientY - top - top0) / zoom;
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

/** Shows all of it, in the middle of the map. */
function fitInto(all: Rect): Transform {
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
  context.beginPath();
  context.roundRect(rect.x * zoom + x, rect.y * zoom + y, rect.width * zoom, rect.height * zoom, 4);
  context.globalAlpha = 0.08;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = devicePixelRatio;
  context.stroke();
}
