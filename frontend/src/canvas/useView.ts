import {
  getViewportForBounds,
  useReactFlow,
  useStoreApi,
  type ReactFlowState,
  type Viewport,
} from "@xyflow/react";
import { useCallback, useMemo } from "react";
import { bounds, contains, type Point, type Rect } from "../core/geometry";
import type { Scene } from "../core/scene";

export const MIN_ZOOM = 0.05;
export const MAX_ZOOM = 2;
const MOTION_MS = 160;
const MARGIN = 0.12;
/** Below this a card cannot be read. */
const READABLE_ZOOM = 0.5;
/** Room around a node that comes into view, px of the screen. */
const ROOM = 48;

export interface View {
  fit(): void;
  /** Without motion, as when the flow opens. */
  fitAtOnce(): void;
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  /** Brings a node or both ends of a wire into the middle. */
  show(id: string): void;
  /** Moves only as far as it must for a node to be seen whole and readable. */
  into(id: string): void;
  /** Fits these into view if one of them is not seen whole; else nothing moves. */
  intoAll(ids: readonly string[]): void;
  /** Moves only as far as it must for a point to be seen; what is far away comes into the middle. */
  lookAt(place: Point): void;
  /** Moves down by so many px of the screen without motion, and on as far as it must for the card there to be seen. */
  shift(down: number, card: Rect | null): void;
  /** Where a point of the window lies in the flow. */
  at(window: Point): Point;
  /** Where a point of the flow lies in the window. */
  windowOf(place: Point): Point;
}

type Shown = Pick<ReactFlowState, "width" | "height" | "transform">;

/** Movements of the view. They work from the graph, because most of it is not in the page. */
export function useView(scene: Scene): View {
  const {
    zoomIn,
    zoomOut,
    zoomTo,
    setCenter,
    getZoom,
    setViewport,
    screenToFlowPosition,
    flowToScreenPosition,
  } = useReactFlow();
  const store = useStoreApi();
  const motion = useCallback(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // Between two views of a canvas without a size, as one that is not shown, lies nothing that could be computed.
    const pane = store.getState().domNode;
    const unseen = !pane?.clientWidth || !pane.clientHeight;
    return { duration: still || unseen ? 0 : MOTION_MS };
  }, [store]);
  const fit = useCallback(
    (how: { duration: number }) => {
      const all = scene.bounds();
      if (all) void setViewport(around(all, store.getState()), how);
    },
    [scene, setViewport, store],
  );
  return useMemo<View>(
    () => ({
      fit: () => fit(motion()),
      fitAtOnce: () => fit({ duration: 0 }),
      zoomIn: () => void zoomIn(motion()),
      zoomOut: () => void zoomOut(motion()),
      zoomReset: () => void zoomTo(1, motion()),
      show(id) {
        const edge = scene.edge(id);
        const ids = edge ? [edge.source, edge.target] : [id];
        const rect = bounds(ids.flatMap((one) => scene.card(one)?.rect ?? []));
        if (!rect) return;
        const zoom = Math.max(getZoom(), 0.8);
        void setCenter(rect.x + rect.width / 2, rect.y + rect.height / 2, { zoom, ...motion() });
      },
      into(id) {
        const rect = scene.cards.get(id);
        if (!rect) return;
        if (getZoom() < READABLE_ZOOM) return this.show(id);
        const { width, height, transform } = store.getState();
        const [x, y, zoom] = transform;
        const dx = missing(rect.x * zoom + x, rect.width * zoom, width);
        const dy = missing(rect.y * zoom + y, rect.height * zoom, height);
        if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom }, motion());
      },
      intoAll(ids) {
        const rect = bounds(ids.flatMap((id) => scene.card(id)?.rect ?? []));
        const shown = store.getState();
        if (rect && !contains(seenPart(shown), rect)) void setViewport(around(rect, shown), motion());
      },
      lookAt(place) {
        const { width, height, transform } = store.getState();
        const [x, y, zoom] = transform;
        const dx = missing(place.x * zoom + x, 0, width);
        const dy = missing(place.y * zoom + y, 0, height);
        if (dx === 0 && dy === 0) return;
        if (Math.abs(dx) > width / 2 || Math.abs(dy) > height / 2) {
          void setCenter(place.x, place.y, { zoom, ...motion() });
        } else void setViewport({ x: x + dx, y: y + dy, zoom }, motion());
      },
      shift(down, card) {
        const { width, height, transform } = store.getState();
        const [x, y, zoom] = transform;
        const dx = card ? missing(card.x * zoom + x, card.width * zoom, width) : 0;
        const dy = card ? missing(card.y * zoom + y + down, card.height * zoom, height) : 0;
        void setViewport({ x: x + dx, y: y + down + dy, zoom });
      },
      at: (window) => screenToFlowPosition({ ...window }, { snapToGrid: false }),
      windowOf: (place) => flowToScreenPosition({ ...place }),
    }),
    [
      scene,
      fit,
      zoomIn,
      zoomOut,
      zoomTo,
      setCenter,
      getZoom,
      setViewport,
      screenToFlowPosition,
      flowToScreenPosition,
      store,
      motion,
    ],
  );
}

/** What of the flow the canvas shows. */
export function seenPart({ width, height, transform: [x, y, zoom] }: Shown): Rect {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}

/** All of it, at most at full size: a small flow is not blown up over the whole screen. */
function around(rect: Rect, { width, height }: Shown): Viewport {
  return getViewportForBounds(rect, width, height, MIN_ZOOM, 1, MARGIN);
}

/** By how much something that begins at `start` has to move to be inside `0..room`, with some air around it. */
function missing(start: number, size: number, room: number): number {
  if (start < ROOM) return ROOM - start;
  return Math.min(0, room - ROOM - start - size);
}
