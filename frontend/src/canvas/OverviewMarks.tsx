import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Scene, SceneCard } from "../core/scene";
import { useOpenFlow } from "../live/context";
import { usePast } from "../live/past";
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
  const past = usePast();
  const store = useStoreApi();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const marks = new Marks(scene, states, live);
    const frames = new FarFrames();
    let isBlank = false;
    const draw = (): void => {
      const replaying = replay.on.get();
      const titled = frames.from(editor.graph);
      const isNothing =
        !replaying && titled.length + marks.cards.size + marks.wires.size === 0 && !past?.differs.size;
      // In a flow that is well there is nothing to draw however the view moves.
      if (isNothing && isBlank) return;
      const context = prepare(canvas);
      if (!context) return;
      isBlank = isNothing;
      const transform = devicePixels(store.getState().transform);
      const pixels = devicePixelRatio;
      clear(context);
      context.globalAlpha = replaying ? STAND_BACK : 1;
      paintMarkedWires(context, scene, marks, transform, colours, pixels);
      paintTroubles(context, scene, marks, transform, colours, pixels);
      context.globalAlpha = 1;
      if (replaying) {
        const colourOf = (card: SceneCard): string => boxColour(card, states, colours);
        paintLit(context, scene, byCard(replay.all, states), transform, colours, colourOf, pixels);
      }
      past?.paint(context, scene, past.differs, transform, colours, pixels);
      paintTitles(context, titled, transform, colours, pixels);
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
  }, [scene, editor, live, states, replay, past, colours, store]);

  return <canvas ref={canvas} className="overview overview--marks" aria-hidden="true" />;
}
