import type { EditorHandle } from "./editorTypes";
import { heightWithNote, layoutCard, type Rect } from "./geometry";
import { Fold } from "./groups/fold";

/** A card as the canvas shows it: a node's, or that of a collapsed group. */
export interface PlacedCard {
  readonly id: string;
  readonly rect: Rect;
}

/** All cards that are seen, each with the comment below it; a collapsed group's stands for those of its nodes. */
export function placedCards(editor: Pick<EditorHandle, "graph" | "portsOf">): PlacedCard[] {
  const fold = new Fold();
  const { nodes } = fold.of(editor.graph);
  return Array.from(nodes.values(), ({ id, x, y, comment }) => {
    const layout = layoutCard(fold.portsOf(id) ?? editor.portsOf(id));
    return { id, rect: { x, y, width: layout.width, height: heightWithNote(layout, comment) } };
  });
}

/** Where all cards of the flow are. */
export function cardRects(editor: Pick<EditorHandle, "graph" | "portsOf">): Rect[] {
  return placedCards(editor).map(({ rect }) => rect);
}
