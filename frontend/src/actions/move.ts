import { moveFrame } from "../core/groups/edits";
import { membersOf, selectedCard } from "../core/groups/frames";
import { nudgeSelection } from "../editing/align";
import { hasNodes, mayEdit } from "./conditions";
import type { ActionContext } from "./types";

/**
 * The note or group that moves as one: a picked note, a picked frame with its nodes, the card of a collapsed group. Null
 * where nodes are meant, each for itself.
 */
function movedFrame({ editor: { graph, selection }, canvas }: ActionContext): string | null {
  const { nodes } = selection.get();
  const picked = canvas.frame.get() ?? "";
  if (graph.notes.has(picked)) return nodes.size === 0 ? picked : null;
  const card = selectedCard(graph, selection.get());
  if (card || !graph.groups.has(picked)) return card?.id ?? null;
  const members = membersOf(graph, picked);
  const isWhole = members.length === nodes.size && members.every(({ id }) => nodes.has(id));
  return isWhole ? picked : null;
}

export function canMove(context: ActionContext): boolean {
  return mayEdit(context) && (hasNodes(context) || movedFrame(context) !== null);
}

/** Moves what is selected by so many px; presses of one key in a row are one step to undo. */
export function moveSelected(context: ActionContext, x: number, y: number): void {
  const frame = movedFrame(context);
  if (frame !== null) moveFrame(context.editor, frame, { x, y });
  else nudgeSelection(context.editor, x, y);
}
