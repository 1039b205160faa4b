import { deleteSelection, duplicateSelection } from "../canvas/commands";
import { all, hasNodes, hasOneNode, hasSelection, mayEdit, onlyNode } from "./conditions";
import type { Action } from "./types";

export const EDIT: readonly Action[] = [
  {
    id: "edit.undo",
    title: "Undo",
    group: "Edit",
    keys: ["mod+z"],
    on: ["canvas"],
    when: ({ editor }) => editor.history.get().canUndo,
    run: ({ editor }) => editor.undo(),
  },
  {
    id: "edit.redo",
    title: "Redo",
    group: "Edit",
    keys: ["mod+shift+z", "mod+y"],
    on: ["canvas"],
    when: ({ editor }) => editor.history.get().canRedo,
    run: ({ editor }) => editor.redo(),
  },
  {
    id: "edit.duplicate",
    title: "Duplicate the selected nodes",
    group: "Edit",
    keys: ["mod+d"],
    when: all(mayEdit, hasNodes),
    run: ({ editor }) => duplicateSelection(editor),
  },
  {
    id: "edit.rename",
    title: "Rename the selected node",
    group: "Edit",
    keys: ["F2"],
    when: all(mayEdit, hasOneNode),
    run: (context) => context.canvas.renaming.set(onlyNode(context)),
  },
  {
    id: "edit.connect",
    title: "Connect the selected node",
    group: "Edit",
    keys: ["c"],
    when: all(mayEdit, hasOneNode),
    run: (context) => context.canvas.wiring.set(onlyNode(context)),
  },
  {
    id: "edit.delete",
    title: "Delete what is selected, with its wires",
    group: "Edit",
    keys: ["Delete", "Backspace"],
    when: all(mayEdit, hasSelection),
    run: ({ editor }) => deleteSelection(editor),
  },
];
