/** What several actions ask before they can be done. */

import type { ActionContext } from "./types";

export function mayEdit({ editor }: ActionContext): boolean {
  return editor.can.get().edit;
}

export function hasSelection({ editor }: ActionContext): boolean {
  const { nodes, edges } = editor.selection.get();
  return nodes.size + edges.size > 0;
}

export function hasNodes({ editor }: ActionContext): boolean {
  return editor.selection.get().nodes.size > 0;
}

/** The id of the only node selected; null when there is none or more than one. */
export function onlyNode({ editor }: ActionContext): string | null {
  const { nodes } = editor.selection.get();
  const [first = null] = nodes;
  return nodes.size === 1 ? first : null;
}

export function hasOneNode(context: ActionContext): boolean {
  return onlyNode(context) !== null;
}

/** All of these. */
export function all(...conditions: ((context: ActionContext) => boolean)[]) {
  return (context: ActionContext): boolean => conditions.every((condition) => condition(context));
}
