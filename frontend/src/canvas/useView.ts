import { useReactFlow } from "@xyflow/react";
import { useCallback, useMemo, type RefObject } from "react";
import type { EditorHandle } from "../core/editorTypes";
import { bounds, type Rect } from "../core/geometry";
import type { CanvasNode } from "./canvasNodes";

export const MIN_ZOOM = 0.05;
export const MAX_ZOOM = 2;
const MOTION_MS = 160;
const MARGIN = 0.12;

export interface View {
  fit(): void;
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  /** Brings a node or both ends of a wire into the middle. */
  show(id: string): void;
}

/** Movements of the view. They work from the graph, because most of it is not in the page. */
export function useView(editor: EditorHandle, nodes: RefObject<readonly CanvasNode[]>): View {
  const { fitBounds, zoomIn, zoomOut, zoomTo, setCenter, getZoom } = useReactFlow();
  const motion = useCallback(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return { duration: still ? 0 : MOTION_MS };
  }, []);
  return useMemo<View>(
    () => ({
      fit() {
        const all = bounds(nodes.current.map(rectOf));
        if (all) void fitBounds(roomy(all), { padding: MARGIN, ...motion() });
      },
      zoomIn: () => void zoomIn(motion()),
      zoomOut: () => void zoomOut(motion()),
      zoomReset: () => void zoomTo(1, motion()),
      show(id) {
        const edge = editor.graph.edges.get(id);
        const ids = edge ? [edge.source, edge.target] : [id];
        const rect = bounds(nodes.current.filter((node) => ids.includes(node.id)).map(rectOf));
        if (!rect) return;
        const zoom = Math.max(getZoom(), 0.8);
        void setCenter(rect.x + rect.width / 2, rect.y + rect.height / 2, { zoom, ...motion() });
      },
    }),
    [editor, nodes, fitBounds, zoomIn, zoomOut, zoomTo, setCenter, getZoom, motion],
  );
}

/** At least so much of the canvas is shown that one small flow is not blown up over the whole screen. */
function roomy(rect: Rect): Rect {
  const width = Math.max(rect.width, 900);
  const height = Math.max(rect.height, 520);
  return { x: rect.x - (width - rect.width) / 2, y: rect.y - (height - rect.height) / 2, width, height };
}

export function rectOf({ position, width = 0, height = 0 }: CanvasNode): Rect {
  return { x: position.x, y: position.y, width, height };
}
