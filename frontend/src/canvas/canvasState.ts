import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import { Cell } from "../core/store";
import type { View } from "./useView";

/** What only the canvas knows: which name is being edited, which node is being wired, how to move the view. */
export class CanvasState {
  readonly renaming = new Cell<string | null>(null);
  /** The node whose output a person wires by keyboard. */
  readonly wiring = new Cell<string | null>(null);
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
