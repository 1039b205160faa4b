import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { EditorHandle } from "../core/editorTypes";
import type { Scene, SceneCard } from "../core/scene";
import { useOpenFlow } from "../live/context";
import { useColours } from "./colours";
import { boxColour, clear, paintCards, paintedArea, paintWires, type Paint } from "./paintFlow";
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

  useEffect(() => {
    const painted = new Map<string, string>();
    const changed = new Set<string>();
    const paintOf = (context: CanvasRenderingContext2D): Paint => {
      const [x, y, zoom] = store.getState().transform;
      const ratio = devicePixelRatio;
      const { width, height } = context.canvas;
      const transform = { x: x * ratio, y: y * ratio, zoom: zoom * ratio };
      const selected = editor.selection.get().nodes;
      const colourOf = (card: SceneCard): string => {
        const colour = boxColour(card, selected, live, colours);
        painted.set(card.node.id, colour);
        return colour;
      };
      return { scene, colours, transform, width, height, colourOf };
    };
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      painted.clear();
      changed.clear();
      const paint = paintOf(context);
      const area = paintedArea(paint);
      clear(context);
      paintWires(context, paint, scene.wires.within(area));
      paintCards(context, paint, scene.cards.within(area));
      context.canvas.dataset["drawn"] = "";
    };
    const painter = onceAFrame(draw);
    // Only boxes whose colour is another one are painted again, over the old.
    const recolour = notMoreOftenThan(LIVE_EVERY_MS, () => {
      const context = canvas.current?.getContext("2d");
      if (!context) return;
      const selected = editor.selection.get().nodes;
      const others = [...changed].filter((id) => {
        const card = scene.card(id);
        return card && painted.has(id) && painted.get(id) !== boxColour(card, selected, live, colours);
      });
      changed.clear();
      if (others.length > 0) paintCards(context, paintOf(context), others);
    });
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
      scene.subscribe(painter.ask),
      editor.selection.subscribe(painter.ask),
      live.subscribeAll((ids) => {
        for (const id of ids) changed.add(id);
        recolour.ask();
      }),
    ];
    return () => {
      painter.stop();
      recolour.stop();
      for (const stop of stops) stop();
    };
  }, [scene, editor, live, colours, store]);

  const label = `${String(scene.cards.size)} nodes, seen from far. Zoom in to edit.`;
  return <canvas ref={canvas} className="overview" role="img" aria-label={label} />;
}
