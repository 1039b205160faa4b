import type { Viewport } from "@xyflow/react";
import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { LooseEnd } from "../core/fitting";
import type { Point } from "../core/geometry";
import { Cell } from "../core/store";
import type { GuideLine } from "../editing/guides";
import { NOTHING_CARRIED, type Carried } from "../core/visible";
import type { View } from "./useView";

/** A component is being chosen for a place of the flow. */
export interface Adding {
  /** Where in the window the choice is offered. */
  readonly window: Point;
  /** Where in the flow the new node goes, by its wired port if there is one; null: near the middle of what is seen. */
  readonly at: Point | null;
  /** Ports of one node, one of which the new node is to be wired with; none: it stands alone. */
  readonly ends: readonly LooseEnd[];
}

/** What only the canvas knows: which name is being edited, which node is being wired, how to move the view. */
export class CanvasState {
  readonly renaming = new Cell<string | null>(null);
  /** The group or note that a person works with; its nodes may be selected besides. */
  readonly frame = new Cell<string | null>(null);
  /** What is to be done with the selected nodes in a flow that is being chosen. */
  readonly sending = new Cell<"share" | "move" | null>(null);
  /** The node whose output a person wires by keyboard. */
  readonly wiring = new Cell<string | null>(null);
  /** Where in the flow a context menu was opened; null when none is open. Actions that place something use it. */
  readonly place = new Cell<Point | null>(null);
  /** Text of a file that came by hand and is a flow's, not a copy of nodes: who brings such in takes it from here. */
  readonly offered = new Cell<string | null>(null);
  readonly adding = new Cell<Adding | null>(null);
  /** Where the pointer is on the canvas; null while it is elsewhere. */
  readonly pointer = new Cell<Point | null>(null);
  /** The wire into which what is dragged would be put. */
  readonly insertOn = new Cell<string | null>(null);
  /** What the dragged card is in line with. */
  readonly guides = new Cell<readonly GuideLine[]>([]);
  /** The wire of which one end is being led to another port. */
  readonly reconnecting = new Cell<string | null>(null);
  /** Dragging on the canvas selects an area, as Shift does: for fingers, which have no Shift. */
  readonly selecting = new Cell(false);
  /** What a drag that is going on moves, and how far. */
  readonly carried = new Cell<Carried>(NOTHING_CARRIED);
  /** A frame is being dragged: its nodes go as far as it does, not into line with others nor into a wire. */
  readonly framing = new Cell(false);
  /** What the pointer had begun was ended by Escape: until it is pressed again, nothing comes of it. */
  readonly cancelled = new Cell(false);
  /** Where the view of the flow, and that of each group, was left. */
  readonly left = new Map<string | null, Viewport>();
  /** The flow is looked at from so far that it is one drawing. */
  readonly far = new Cell(false);
  /** Null until the canvas is there. */
  readonly view = new Cell<View | null>(null);
}

export const CanvasStateContext = createContext<CanvasState>(new CanvasState());

export function useCanvasState(): CanvasState {
  return useContext(CanvasStateContext);
}

/** True while the cell holds this id; other ids' turns do not render again. */
export function useIs(cell: Cell<string | null>, id: string): boolean {
  const read = useCallback(() => cell.get() === id, [cell, id]);
  return useSyncExternalStore(cell.subscribe, read);
}
