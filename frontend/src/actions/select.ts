import { selectAll } from "../canvas/commands";
import { hasSelection } from "./conditions";
import type { Action } from "./types";

export const SELECT: readonly Action[] = [
  {
    id: "select.all",
    title: "Select everything",
    group: "Select",
    keys: ["mod+a"],
    run: ({ editor }) => selectAll(editor),
  },
  {
    id: "select.area",
    title: "Select by dragging, on or off",
    group: "Select",
    keys: ["shift+s"],
    run: ({ canvas }) => canvas.selecting.set(!canvas.selecting.get()),
  },
  // The outermost thing goes first: messages, then the selection.
  {
    id: "select.messages",
    title: "Put messages away",
    group: "View",
    keys: ["Escape"],
    when: ({ editor }) => editor.notices.get().length > 0,
    run: ({ editor }) => {
      for (const { id } of editor.notices.get()) editor.dismiss(id);
    },
  },
  {
    id: "select.nothing",
    title: "Select nothing",
    group: "Select",
    keys: ["Escape"],
    when: hasSelection,
    run: ({ editor }) => editor.select({}),
  },
];
