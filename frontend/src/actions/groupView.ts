import { linkTo } from "../core/address";
import { hasOneNode, onlyNode } from "./conditions";
import { group } from "./groups";
import type { Action, ActionContext } from "./types";

function enter(context: ActionContext): void {
  const found = group(context);
  if (found) context.editor.enter(found.id);
}

async function copyLink(context: ActionContext): Promise<void> {
  const node = onlyNode(context);
  if (node === null) return;
  const link = linkTo(location.href, node);
  try {
    // Missing where the page came over plain HTTP.
    await navigator.clipboard.writeText(link);
    context.editor.notify(
      { code: "link_copied", message: "The link to the node is on the clipboard." },
      "info",
    );
  } catch {
    const message = `The browser does not let this page at the clipboard. This is the link: ${link}`;
    context.editor.notify({ code: "clipboard_refused", message }, "warning");
  }
}

/** Looking at one group alone: anybody may who may look at the flow. After those of the selection: Escape lets go of that first. */
export const GROUP_VIEW: readonly Action[] = [
  {
    id: "groups.enter",
    title: "Open the group",
    group: "View",
    keys: ["Enter"],
    onCanvas: true,
    on: ["node", "selection"],
    when: (context) => group(context)?.collapsed === true,
    run: enter,
  },
  {
    id: "groups.only",
    title: "Show only this group",
    group: "View",
    keys: ["alt+ArrowDown"],
    on: ["node", "selection"],
    when: (context) => group(context)?.collapsed === false,
    run: enter,
  },
  {
    id: "groups.leave",
    title: "Back from the group to the flow",
    group: "View",
    keys: ["Escape", "alt+ArrowUp", "Backspace"],
    on: ["canvas"],
    when: ({ editor }) => editor.within.get() !== null,
    run: ({ editor }) => editor.enter(null),
  },
  {
    id: "nodes.link",
    title: "Copy a link to the selected node",
    group: "View",
    on: ["node"],
    when: hasOneNode,
    run: (context) => void copyLink(context),
  },
];
