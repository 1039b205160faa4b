import { ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { bounds, inflate, type Rect } from "../core/geometry";
import type { Scene } from "../core/scene";

/** The sheet grows in steps of this, px: what is drawn on it is drawn anew then. */
const STEP = 4096;
/** Beyond the outermost cards, for wires and for what is carried there. */
const MARGIN = 1024;
const ORIGIN: Rect = { x: 0, y: 0, width: 0, height: 0 };

/**
 * Nothing to see, below the whole flow. The browser puts cards and wires, which it has to draw apart, on as few layers as
 * they fit into, and when one comes or goes fits all of them anew, and draws a layer again if its size is another. On a
 * sheet as large as the flow they are one layer of one size. From the origin, where the elements around wires lie.
 */
export const Sheet = memo(function Sheet({ scene }: { scene: Scene; version: number }) {
  const { x, y, width, height } = sheetAround(scene.bounds() ?? ORIGIN);
  return (
    <ViewportPortal>
      <div className="sheet" style={{ left: x, top: y, width, height }} />
    </ViewportPortal>
  );
});

/** Where the sheet of a flow lies that lies there. */
export function sheetAround(flow: Rect): Rect {
  const { x, y, width, height } = inflate(bounds([flow, ORIGIN]) ?? ORIGIN, MARGIN);
  const left = Math.floor(x / STEP) * STEP;
  const top = Math.floor(y / STEP) * STEP;
  const right = Math.ceil((x + width) / STEP) * STEP;
  const bottom = Math.ceil((y + height) / STEP) * STEP;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
