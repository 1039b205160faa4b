import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type PointerEvent } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { type Rect } from "../core/geometry";
import type { Scene } from "../core/scene";
import { useOpenFlow } from "../live/context";
import { BoxStates } from "./boxStates";
import { useColours } from "./colours";
import { clear, Drawing, type Transform } from "./drawing";
import { Marks } from "./marks";
import { boxColour, devicePixels } from "./paintFlow";
import { notMoreOftenThan, prepare } from "./painting";
import { paintTroubles } from "./paintMarks";
import { seen } from "./useScene";

const WIDTH = 176;
const HEIGHT = 120;
const MARGIN = 8;
/** Small enough that the frame of a whole canvas fits, also where a small flow is shown at two thirds. */
const MOST_ZOOM = 0.1;
/** The map follows the flow and its colours this often; the frame around what is seen follows at once. */
const PAINT_EVERY_MS = 250;
/** More wires than this only make the map grey. */
const MOST_WIRES = 1_500;
/** A problem's mark, px of the screen. */
const MARK = 8;

/** The whole flow in a corner, with a frame around what is seen; a press or drag goes there. */
export function Minimap({ editor, scene }: { editor: EditorHandle; scene: Scene }) {
  const { live } = useOpenFlow();
  const colours = useColours();
  const store = useStoreApi();
  const { setCenter, getZoom } = useReactFlow();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const placed = useRef<Transform>({ x: 0, y: 0, zoom: 1 });

  useEffect(() => {
    const selection = editor.selection;
    const states = new BoxStates(editor, live);
    const drawing = new Drawing(scene, (card) => boxColour(card, states, colours));
    const marks = new Marks(scene, states, live);
    const touched = new Set<string>();
    let version = -1;
    const look = (): void => {
      if (version === scene.version) marks.update(touched);
      else marks.refresh();
      version = scene.version;
      touched.clear();
    };
    const draw = (): void => {
      look();
      const context = prepare(canvas);
      const all = scene.bounds();
      if (!context || !all) return;
      const { x, y, zoom } = (placed.current = fitInto(all));
      const transform = devicePixels([x, y, zoom]);
      drawing.refresh();
      clear(context);
      if (scene.wires.size <= MOST_WIRES) drawing.paintLines(context, transform, colours.wire);
      drawing.paintBoxes(context, transform);
      paintTroubles(context, scene, marks, transform, colours, devicePixelRatio, MARK);
      moveFrame();
    };
    // Only a style changes while the view moves: nothing is drawn or laid out.
    const moveFrame = (): void => {
      const { current } = frame;
      if (!current) return;
      const { x, y, zoom } = placed.current;
      const view = seen(store.getState());
      current.style.width = `${String(view.width * zoom)}px`;
      current.style.height = `${String(view.height * zoom)}px`;
      current.style.transform = `translate(${String(view.x * zoom + x)}px, ${String(view.y * zoom + y)}px)`;
    };
    const later = notMoreOftenThan(PAINT_EVERY_MS, draw);
    draw();
    const stops = [
      store.subscribe((now, before) => {
        if (now.transform !== before.transform || now.width !== before.width) moveFrame();
      }),
      scene.subscribe(later.ask),
      selection.subscribe(later.ask),
      live.subscribeAll((ids) => {
        for (const id of ids) touched.add(id);
        later.ask();
      }),
    ];
    return () => {
      later.stop();
      for (const stop of stops) stop();
    };
  }, [scene, editor, live, colours, store]);

  const go = (event: PointerEvent<HTMLElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { x: left0, y: top0, zoom } = placed.current;
    const x = (event.clientX - left - left0) / zoom;
    const y = (event.clientY - top - top0) / zoom;
    void setCenter(x, y, { zoom: getZoom(), duration: 0 });
  };

  return (
    <div
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
    >
      <canvas ref={canvas} className="minimap__flow" />
      <div ref={frame} className="minimap__frame" />
    </div>
  );
}

/** Shows all of it, in the middle of the map. */
function fitInto(all: Rect): Transform {
  const zoom = Math.min((WIDTH - 2 * MARGIN) / all.width, (HEIGHT - 2 * MARGIN) / all.height, MOST_ZOOM);
  return {
    x: (WIDTH - all.width * zoom) / 2 - all.x * zoom,
    y: (HEIGHT - all.height * zoom) / 2 - all.y * zoom,
    zoom,
  };
}
