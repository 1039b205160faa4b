import { cardRects } from "../core/cards";
import { defaultMapping } from "../core/connect";
import type { EditorHandle } from "../core/editorTypes";
import type { Fit } from "../core/fitting";
import { freePlace, layoutCard, type Point } from "../core/geometry";
import { newNodeId, newUuid } from "../core/ids";
import type { Component } from "../core/types";

/**
 * Adds a node with a wire to the port it was drawn from, as one edit. The new node's port comes to lie at `at`, or
 * below that where a card is in the way. Answers the node's id; null when this person may not edit.
 */
export function addWired(
  editor: EditorHandle,
  { module, name, title, ports }: Component,
  { end, port }: Fit,
  at: Point,
): string | null {
  if (!editor.can.get().edit) return null;
  const { width, height, ports: placed } = layoutCard(ports);
  const dot = placed.find((one) => one.name === port.name && one.source === port.source) ?? { x: 0, y: 0 };
  const place = freePlace({ x: at.x - dot.x, y: at.y - dot.y }, { width, height }, cardRects(editor));
  const id = newNodeId();
  const [from, to] = end.port.source ? [end.port, port] : [port, end.port];
  editor.apply(
    [
      { op: "add_node", id, module, component: name, label: title, ...place },
      {
        op: "add_edge",
        id: newUuid(),
        source: end.port.source ? end.node : id,
        source_port: from.name,
        target: end.port.source ? id : end.node,
        target_port: to.name,
        mapping: defaultMapping(from.schema, to.schema),
      },
    ],
    { label: `Add ${title}` },
  );
  editor.select({ nodes: [id] });
  return id;
}
