import { commentHints, type CommentPlace } from "../live/commentHints";
import type { Action, ActionContext } from "./types";

export const COMMENT: readonly Action[] = [
  {
    id: "comment.add",
    title: "Comment on what is selected, or on the flow",
    group: "Flow",
    keys: ["shift+c"],
    on: ["node", "wire", "canvas"],
    now: (context) => `Comment on ${nameOf(selected(context))}`,
    when: ({ editor }) => editor.can.get().control,
    run: (context) => {
      commentHints.wish.set({ on: selected(context) });
      context.open("comments");
    },
  },
  {
    id: "comment.list",
    title: "Show the comments",
    group: "View",
    on: ["canvas"],
    run: ({ open }) => open("comments"),
  },
];

/** The only node or wire that is selected; else the flow. */
function selected({ editor }: ActionContext): CommentPlace {
  const { nodes, edges } = editor.selection.get();
  const [node = null] = nodes;
  const [edge = null] = edges;
  return nodes.size + edges.size === 1 ? { node, edge } : { node: null, edge: null };
}

function nameOf({ node, edge }: CommentPlace): string {
  if (node !== null) return "the node";
  return edge !== null ? "the wire" : "the flow";
}
