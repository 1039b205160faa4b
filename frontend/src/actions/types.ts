import type { CanvasState } from "../canvas/canvasState";
import type { View } from "../canvas/useView";
import type { EditorHandle } from "../core/editorTypes";
import type { LiveStore } from "../live/store";
import type { IconName } from "../ui/icons";

export const GROUPS = ["Add", "Edit", "Select", "Arrange", "View", "Run", "Flow", "Help"] as const;
export type ActionGroup = (typeof GROUPS)[number];

/** What a context menu was opened on. */
export type Place = "node" | "wire" | "selection" | "canvas";

/** What an action works on. */
export interface ActionContext {
  readonly editor: EditorHandle;
  readonly live: LiveStore;
  readonly canvas: CanvasState;
  readonly view: View;
  /** Opens a drawer or dialog of the shell by its name in `panels.ts`; null closes the one that is open. */
  readonly open: (panel: string | null) => void;
}

/** Before the canvas is there, nothing moves. */
export const NO_VIEW: View = {
  fit: () => undefined,
  fitAtOnce: () => undefined,
  zoomIn: () => undefined,
  zoomOut: () => undefined,
  zoomReset: () => undefined,
  show: () => undefined,
  into: () => undefined,
  intoAll: () => undefined,
  lookAt: () => undefined,
  shift: () => undefined,
  at: (point) => point,
  windowOf: (point) => point,
};

/** Something a person can do. Keys, command palette, menus and Help are all made from these. */
export interface Action {
  /** Topic and deed: `edit.copy`. */
  readonly id: string;
  /** What it does, as a command: "Duplicate the selected nodes". */
  readonly title: string;
  /** What it would do just now, where that can be said better than by the title: "Undo: move 3 nodes". */
  readonly now?: (context: ActionContext) => string;
  readonly group: ActionGroup;
  /** As `keyOf` spells them: `mod+c`, `shift+1`, `Delete`. The first is shown. */
  readonly keys?: readonly string[];
  /** The browser's own event (copy, paste) does the work when the key is pressed; the key is only shown. */
  readonly native?: boolean;
  /** The keys count in fields too. Not in dialogs, which own what is pressed in them. */
  readonly inFields?: boolean;
  /** The keys count only while the focus is on the canvas, or nowhere: lists and drawers use them for themselves. */
  readonly onCanvas?: boolean;
  /** What it is drawn as in menus, where it stands in one row with others of its group that have one. */
  readonly icon?: IconName;
  /** In whose context menus it stands; without it, `placesOf` says. */
  readonly on?: readonly Place[];
  /** Whether it can be done now; without it, always. An action that cannot be done is not offered. */
  readonly when?: (context: ActionContext) => boolean;
  readonly run: (context: ActionContext) => void;
}

const PLACES: Readonly<Partial<Record<ActionGroup, readonly Place[]>>> = {
  Add: ["canvas"],
  Edit: ["node", "wire", "selection"],
  Arrange: ["selection"],
  Select: ["canvas"],
};

/** The context menus that an action stands in; `when` decides whether it is offered there. */
export function placesOf({ on, group }: Action): readonly Place[] {
  return on ?? PLACES[group] ?? [];
}

export function isPossible({ when }: Action, context: ActionContext): boolean {
  return when?.(context) ?? true;
}

/** What lists that are made for the moment say of an action. */
export function titleNow({ title, now }: Action, context: ActionContext): string {
  return now?.(context) ?? title;
}
