import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { Scene } from "../core/scene";
import { useColours } from "./colours";
import { clear } from "./drawing";
import { devicePixels, paintWires } from "./paintFlow";
import { onceAFrame, prepare } from "./painting";

/** Wires for which there is no room in the page, drawn behind all others. */
export function DrawnWires({ scene, wires }: { scene: Scene; wires: readonly string[] }) {
  const store = useStoreApi();
  const colours = useColours();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      clear(context);
      context.strokeStyle = colours.wire;
      paintWires(context, scene, wires, devicePixels(store.getState().transform));
    };
    const painter = onceAFrame(draw);
    draw();
    const stops = [store.subscribe(painter.ask), scene.subscribe(painter.ask)];
    return () => {
      painter.stop();
      for (const stop of stops) stop();
    };
  }, [scene, wires, colours, store]);
  return <canvas ref={canvas} className="drawnwires" aria-hidden="true" />;
}
