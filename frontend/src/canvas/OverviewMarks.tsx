import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Scene } from "../core/scene";
import { useOpenFlow } from "../live/context";
import { useReplay } from "../live/replay";
import type { BoxStates } from "./boxStates";
import { useColours } from "./colours";
import { clear } from "./drawing";
import { FarFrames, paintTitles } from "./farFrames";
import { byCard, Marks } from "./marks";
import { boxColour, devicePixels } from "./paintFlow";
import { notMoreOftenThan, onceAFrame, prepare } from "./painting";
import { paintLit, paintMarkedWires, paintTroubles } from "./paintMarks";

/** What is new to see comes this often. */
const LIVE_EVERY_MS = 125;
/** A live problem has no part in a run that is replayed. */
const STAND_BACK = 0.3;

interface OverviewMarksProps {
  editor: EditorHandle;
  scene: Scene;
  states: BoxStates;
}

/**
 * What must be seen above the boxes of the overview: titles of groups, problems, wires that are pressed, and the run
 * that is replayed. A layer of its own, so that boxes whose colour changes are painted without it.
 */
export function OverviewMarks({ editor, scene, states }: OverviewMarksProps) {
  const { live } = useOpenFlow();
  const colours = useColours();
  const replay = useReplay();
  const store = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const marks = new Marks(scene, states, live);
    const frames = new FarFrames();
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      const transform = devicePixels(store.getState().transform);
      const pixels = devicePixelRatio;
      clear(context);
      const replaying = replay.on.get();
      context.globalAlpha = replaying ? STAND_BACK : 1;
      paintMarkedWires(context, scene, marks, transform, colours, pixels);
      paintTroubles(context, scene, marks, transform, colours, pixels);
      context.globalAlpha = 1;
      if (replaying) {
        const lights = byCard(replay.all, states);
        paintLit(
          context,
          scene,
          lights,
          transform,
          colours,
          (card) => boxColour(card, states, colours),
          pixels,
        );
      }
      paintTitles(context, frames.from(editor.graph), transform, colours, pixels);
    };
    const painter = onceAFrame(draw);
    const touched = new Set<string>();
    const look = notMoreOftenThan(LIVE_EVERY_MS, () => {
      const isOther = marks.update(touched);
      touched.clear();
      if (isOther) painter.ask();
    });
    marks.refresh();
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
      scene.subscribe(() => {
        marks.refresh();
        painter.ask();
      }),
      replay.subscribeAll(painter.ask),
      live.subscribeAll((ids) => {
        for (const id of ids) touched.add(id);
        look.ask();
      }),
    ];
    return () => {
      painter.stop();
      look.stop();
      for (const stop of stops) stop();
    };
  }, [scene, editor, live, states, replay, colours, store]);

  return <canvas ref={canvas} className="overview overview--marks" aria-hidden="true" />;
}
