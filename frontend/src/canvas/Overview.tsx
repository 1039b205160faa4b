import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type MouseEvent } from "react";
import type { Editor } from "../core/editor";
import type { Point } from "../core/geometry";
import { useOpenFlow } from "../live/context";
import type { CanvasNode } from "./canvasNodes";
import { paintFlow } from "./paintFlow";
import { onceAFrame, prepare, useColours } from "./usePainting";

/**
 * A large flow seen from far: one drawing instead of thousands of elements. A click selects the node under
 * the pointer, a double click goes there; moving and wiring are for closer up.
 */
export function Overview({ editor, nodes }: { editor: Editor; nodes: readonly CanvasNode[] }) {
  const { live } = useOpenFlow();
  const colours = useColours();
  const store = useStoreApi();
  const { screenToFlowPosition } = useReactFlow();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const draw = (): void => {
      const context = prepare(canvas);
      if (!context) return;
      const [x, y, zoom] = store.getState().transform;
      const ratio = devicePixelRatio;
      const transform = { x: x * ratio, y: y * ratio, zoom: zoom * ratio };
      const { width, height } = context.canvas;
      paintFlow(context, { nodes, edges: editor.graph.edges, live, colours, transform, width, height });
    };
    const painter = onceAFrame(draw);
    draw();
    const stops = [store.subscribe(painter.ask), live.subscribeAll(painter.ask)];
    return () => {
      painter.stop();
      for (const stop of stops) stop();
    };
  }, [nodes, editor, live, colours, store]);

  const under = (event: MouseEvent): CanvasNode | undefined => {
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY }, { snapToGrid: false });
    return nodes.findLast((node) => contains(node, at));
  };

  return (
    <canvas
      ref={canvas}
      className="overview"
      role="img"
      aria-label={`${String(nodes.length)} nodes, seen from far. Zoom in to edit.`}
      onClick={(event) => {
        const node = under(event);
        editor.select({ nodes: node ? [node.id] : [] });
      }}
      onDoubleClick={(event) => {
        const node = under(event);
        if (node) editor.reveal(node.id);
      }}
    />
  );
}

function contains({ position, width = 0, height = 0 }: CanvasNode, { x, y }: Point): boolean {
  return x >= position.x && y >= position.y && x <= position.x + width && y <= position.y + height;
}
