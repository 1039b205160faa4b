import { createContext, useContext } from "react";
import type { Editor } from "../core/editor";
import { Cell } from "../core/store";
import type { OpenFlow } from "./context";

/** How a thing differs from what it was; `moved`: it stands elsewhere, and that is all. */
export type Differs = "added" | "removed" | "changed" | "moved";

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
  /** Goes to the next difference, or by -1 to the one before. */
  readonly step: (by: 1 | -1) => void;
  /** Back to the flow as it is. */
  readonly back: () => void;
}

/** What is looked at; null: the flow as it is. */
export const shownPast = new Cell<Past | null>(null);

const NONE: ReadonlyMap<string, Differs> = new Map();
export const DiffersContext = createContext(NONE);

export function differencesOf(past: Past | null): ReadonlyMap<string, Differs> {
  return past?.differs ?? NONE;
}

/** How this node, wire, group or note differs, where two states are compared. */
export function useDiffers(id: string): Differs | undefined {
  return useContext(DiffersContext).get(id);
}

/** All that differs, for drawings of the whole flow. */
export function useAllDiffers(): ReadonlyMap<string, Differs> {
  return useContext(DiffersContext);
}
