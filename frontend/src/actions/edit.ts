import { copyByMenu, pasteByMenu } from "../canvas/clipboard";
import { deleteSelection, duplicateSelection } from "../canvas/commands";
import { chooseFile, saveFile } from "../canvas/files";
import { placeFor } from "../canvas/useClipboard";
import { stepName } from "../core/history";
import { isInWire, spliceOut } from "../editing/spliceOut";
import { all, hasNodes, hasOneNode, hasSelection, mayEdit, onlyNode } from "./conditions";
import type { Action } from "./types";

export const EDIT: readonly Action[] = [
  {
    id: "edit.undo",
    title: "Undo",
    group: "Edit",
    keys: ["mod+z"],
    on: ["canvas"],
    now: ({ editor }) => stepName("Undo", editor.history.get().undo ?? "nothing"),
    when: ({ editor }) => editor.history.get().undo !== null,
    run: ({ editor }) => editor.undo(),
  },
  {
    id: "edit.redo",
    title: "Redo",
    group: "Edit",
    keys: ["mod+shift+z", "mod+y"],
    on: ["canvas"],
    now: ({ editor }) => stepName("Redo", editor.history.get().redo ?? "nothing"),
    when: ({ editor }) => editor.history.get().redo !== null,
    run: ({ editor }) => editor.redo(),
  },
  {
    id: "edit.copy",
    title: "Copy the selected nodes",
    group: "Edit",
    keys: ["mod+c"],
    native: true,
    when: hasNodes,
    run: ({ editor }) => void copyByMenu(editor, false),
  },
  {
    id: "edit.cut",
    title: "Cut the selected nodes",
    group: "Edit",
    keys: ["mod+x"],
    native: true,
    when: all(mayEdit, hasNodes),
    run: ({ editor }) => void copyByMenu(editor, true),
  },
  {
    id: "edit.paste",
    title: "Paste nodes",
    group: "Edit",
    keys: ["mod+v"],
    native: true,
    when: mayEdit,
    run: ({ editor, canvas }) => void pasteByMenu(editor, () => placeFor(editor, canvas)),
  },
  {
    id: "edit.save",
    title: "Save the selected nodes, or all, as a file",
    group: "Edit",
    on: ["canvas", "selection"],
    when: ({ editor }) => editor.graph.nodes.size + editor.graph.notes.size > 0,
    run: ({ editor }) => void saveFile(editor),
  },
  {
    id: "edit.add-file",
    title: "Add nodes from a file",
    group: "Edit",
    on: ["canvas"],
    when: mayEdit,
    run: ({ editor, canvas }) => {
      // Where the menu was: it is gone once a file is chosen.
      const place = placeFor(editor, canvas);
      chooseFile(
        editor,
        () => place,
        (text) => canvas.offered.set(text),
      );
    },
  },
  {
    id: "edit.duplicate",
    title: "Duplicate the selected nodes",
    group: "Edit",
    keys: ["mod+d"],
    when: all(mayEdit, hasNodes),
    run: ({ editor }) => void duplicateSelection(editor),
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
  {
    id: "edit.splice",
    title: "Take out of the wire, and join its ends",
    group: "Edit",
    keys: ["alt+Delete", "alt+Backspace"],
    when: all(mayEdit, hasNodes, ({ editor }) => isInWire(editor)),
    run: ({ editor }) => spliceOut(editor),
  },
];
