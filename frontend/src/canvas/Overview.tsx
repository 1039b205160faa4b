import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { count } from "../core/format";
import type { Scene } from "../core/scene";
import { useOpenFlow } from "../live/context";
import { BoxStates } from "./boxStates";
import { useCanvasState } from "./canvasState";
import { useColours } from "./colours";
import { clear, Drawing } from "./drawing";
import { FarFrames, paintFrames } from "./farFrames";
import { OverviewMarks } from "./OverviewMarks";
import { boxColour, devicePixels } from "./paintFlow";
import { onceAFrame, notMoreOftenThan, prepare } from "./painting";

/** New live colours come this often; a box that flickers faster says nothing. */
const LIVE_EVERY_MS = 125;

/**
 * A large flow seen from far: one drawing instead of thousands of elements. It lies below the pointer: the pane
 * under it moves, zooms and is clicked as ever.
 */
export function Overview({ editor, scene }: { editor: EditorHandle; scene: Scene }) {
  const { live } = useOpenFlow();
  const colours = useColours();
  const store = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);
  const states = useMemo(() => new BoxStates(editor, live), [editor, live]);

  const { far } = useCanvasState();
  useEffect(() => {
    far.set(true);
    return () => far.set(false);
  }, [far]);

  useEffect(() => {
    const selection = editor.selection;
    const drawing = new Drawing(scene, (card) => boxColour(card, states, colours));
    const frames = new FarFrames();
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      const transform = devicePixels(store.getState().transform);
      clear(context);
      paintFrames(context, frames.from(editor.graph), transform, colours);
      drawing.paintLines(context, transform, colours.wire);
      drawing.paintBoxes(context, transform);
      context.canvas.dataset["drawn"] = "";
    };
    const painter = onceAFrame(draw);
    const refresh = (): void => {
      drawing.refresh();
      painter.ask();
    };
    // Only boxes whose colour is another one are painted again, over the old.
    const changed = new Set<string>();
    const recolour = notMoreOftenThan(LIVE_EVERY_MS, () => {
      const others = drawing.recolour(changed);
      changed.clear();
      const context = canvas.current?.getContext("2d");
      if (context) drawing.paintBoxes(context, devicePixels(store.getState().transform), others);
    });
    drawing.refresh();
    draw();
    const stops = [
      store.subscribe((now, before) => {
        if (
          now.transform !== before.transform ||
          now.width !== before.width ||
          now.height !== before.height
        ) {
          painter.ask();
        }
      }),
      scene.subscribe(refresh),
      selection.subscribe(refresh),
      live.subscribeAll((ids) => {
        for (const id of ids) changed.add(states.cardOf(id));
        recolour.ask();
      }),
    ];
    return () => {
      painter.stop();
      recolour.stop();
      for (const stop of stops) stop();
    };
  }, [scene, editor, live, states, colours, store]);

  const label = `${count(scene.cards.size, "node")}, seen from far. Zoom in to edit.`;
  return (
    <>
      <canvas ref={canvas} className="overview" role="img" aria-label={label} />
      <OverviewMarks editor={editor} scene={scene} states={states} />
    </>
  );
}
