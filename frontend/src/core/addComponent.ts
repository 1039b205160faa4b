import { cardRects } from "./cards";
import { findComponent } from "./catalogue";
import type { EditorHandle } from "./editorTypes";
import { freePlaceNear } from "./freePlace";
import { layoutCard, snap, type Point } from "./geometry";
import { groupFor, seenNotes } from "./groups/frames";
import { newNodeId } from "./ids";

/**
 * Adds a node of a component and selects it: with its corner at `at`, on the grid, else where nothing stands in its way
 * near the middle of what is seen. Answers its id; null for whoever may not edit.
 */
export function addComponent(
  editor: EditorHandle,
  { module, component }: { module: string; component: string },
  at?: Point,
): string | null {
  if (!editor.can.get().edit) return null;
  const known = findComponent(editor.catalogue.get(), module, component);
  const { width, height } = layoutCard(known?.ports ?? []);
  const { x, y } = editor.centre.get();
  const corner = { x: x - width / 2, y: y - height / 2 };
  const place = at
    ? { x: snap(at.x), y: snap(at.y) }
    : freePlaceNear(corner, { width, height }, [...cardRects(editor), ...seenNotes(editor.graph)]);
  const id = newNodeId();
  const label = known?.title ?? component;
  const group = groupFor(editor.graph, place);
  editor.apply([{ op: "add_node", id, module, component, label, ...place, ...(group && { group }) }], {
    label: `Add ${label}`,
  });
  editor.select({ nodes: [id] });
  return id;
}
