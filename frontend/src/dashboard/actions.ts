import { useEffect } from "react";

import { keyOf } from "../actions/keys";
import type { Open } from "./App";

/** What the actions of a dashboard work on. */
export interface BoardActions {
  canEdit: boolean;
  hasPage: boolean;
  editing: boolean;
  edit: (editing: boolean) => void;
  open: (dialog: Open) => void;
  undo: () => void;
  redo: () => void;
  addPage: () => void;
}

export interface BoardAction {
  id: string;
  title: string;
  keys: readonly string[];
  when: (actions: BoardActions) => boolean;
  run: (actions: BoardActions) => void;
}

const mayEdit = ({ canEdit }: BoardActions): boolean => canEdit;
const onPage = ({ canEdit, hasPage }: BoardActions): boolean => canEdit && hasPage;

/** Everything that has a key; the dialog of keys is made from these. */
export const BOARD_ACTIONS: readonly BoardAction[] = [
  {
    id: "edit",
    title: "Arrange the page, or stop",
    keys: ["e"],
    when: onPage,
    run: ({ edit, editing }) => edit(!editing),
  },
  { id: "add", title: "Add a node to the page", keys: ["a"], when: onPage, run: ({ open }) => open("add") },
  {
    id: "page",
    title: "Name of the page, and who operates it",
    keys: ["p"],
    when: onPage,
    run: ({ open }) => open("page"),
  },
  { id: "new", title: "New page", keys: ["shift+n"], when: mayEdit, run: ({ addPage }) => addPage() },
  { id: "undo", title: "Undo", keys: ["mod+z"], when: mayEdit, run: ({ undo }) => undo() },
  { id: "redo", title: "Redo", keys: ["mod+shift+z", "mod+y"], when: mayEdit, run: ({ redo }) => redo() },
  { id: "keys", title: "Show the keys", keys: ["?"], when: () => true, run: ({ open }) => open("keys") },
];

/** Keys of the whole page; fields and dialogs own what is pressed in them. */
export function useActionKeys(actions: BoardActions): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const on = event.target as HTMLElement | null;
      if (event.defaultPrevented || on?.closest("input, textarea, select, dialog, [contenteditable]")) return;
      const key = keyOf(event);
      const action = BOARD_ACTIONS.find((one) => one.keys.includes(key) && one.when(actions));
      if (!action) return;
      event.preventDefault();
      action.run(actions);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [actions]);
}
