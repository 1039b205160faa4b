import type { Action, ActionContext } from "./types";

/** As the browser would, which does not do it everywhere: on what has the focus, else on what is selected. */
function askForMenu({ editor }: ActionContext): void {
  const [id] = [...editor.selection.get().nodes, ...editor.selection.get().edges];
  const focused = document.activeElement?.closest(".canvas") ? document.activeElement : null;
  const selected = id === undefined ? null : document.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const element = focused?.closest("[data-id]") ?? selected ?? document.querySelector(".react-flow");
  element?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
}

export const HELP: readonly Action[] = [
  {
    id: "help.commands",
    title: "Find a node or run a command",
    group: "Help",
    keys: ["mod+k"],
    inFields: true,
    run: ({ open }) => open("commands"),
  },
  {
    id: "help.menu",
    title: "Open the menu of what is selected",
    group: "Help",
    keys: ["shift+F10", "ContextMenu"],
    onCanvas: true,
    run: askForMenu,
  },
  { id: "help.keys", title: "Show the keys", group: "Help", keys: ["?"], run: ({ open }) => open("help") },
  {
    id: "help.expressions",
    title: "Try an expression on a message",
    group: "Help",
    run: () => void window.open("/expressions/", "_blank", "noopener"),
  },
  {
    id: "help.connection",
    title: "Show how live values come",
    group: "Help",
    run: ({ open }) => open("connection"),
  },
];
