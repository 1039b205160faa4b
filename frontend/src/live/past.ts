import { createContext, createElement, useContext, type ComponentType, type ReactNode } from "react";
import type { Editor } from "../core/editor";
import type { Scene } from "../core/scene";
import { Cell } from "../core/store";
import type { OpenFlow } from "./context";

/** How a thing differs from what it was; `moved`: it stands elsewhere, and that is all. */
export type Differs = "added" | "removed" | "changed" | "moved";

/** Draws what differs on a picture of the whole flow; `states` are colours by the names of states. */
export type PaintDiffers = (
  context: CanvasRenderingContext2D,
  scene: Scene,
  differs: ReadonlyMap<string, Differs>,
  transform: { x: number; y: number; zoom: number },
  colours: { canvas: string; line: string; states: Readonly<Record<string, string>> },
  pixels: number,
) => void;

/** A state of the flow's past, or what is different between two, looked at in the place of the flow: read-only. */
export interface Past {
  /** Another for each that is opened: the canvas begins anew. */
  readonly key: string;
  readonly title: string;
  /** The flow as it is, which goes on meanwhile. */
  readonly present: OpenFlow;
  readonly flow: OpenFlow & { readonly editor: Editor };
  /** By the ids of what is different; empty where one state is looked at by itself. */
  readonly differs: ReadonlyMap<string, Differs>;
  /** How it is marked, near by and from far: code that comes with the first past that is opened. */
  readonly Mark: ComponentType<{ differs: Differs }>;
  readonly paint: PaintDiffers;
  /** Goes to the next difference, or by -1 to the one before. */
  readonly step: (by: 1 | -1) => void;
  /** Back to the flow as it is. */
  readonly back: () => void;
}

/** What is looked at; null: the flow as it is. */
export const shownPast = new Cell<Past | null>(null);

export const PastContext = createContext<Past | null>(null);

/** What is looked at in the place of the flow; null: the flow as it is. */
export function usePast(): Past | null {
  return useContext(PastContext);
}

/** How this node, wire, group or note differs, where two states are compared; and the mark that says so. */
export function useDiffers(id: string): { differs: Differs | undefined; mark: ReactNode } {
  const past = usePast();
  const differs = past?.differs.get(id);
  return { differs, mark: past && differs ? createElement(past.Mark, { differs }) : null };
}
