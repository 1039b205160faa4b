import type { EditorHandle } from "../core/editorTypes";
import { layoutCard, snap, type Point } from "../core/geometry";
import { groupFor } from "../core/groups/frames";
import { newNodeId } from "../core/ids";
import type { Component, FlowEdge, Op } from "../core/types";
import { fitOnWire, insertOps, sayDropped, type Fit } from "./insert";
import { makeRoom } from "./makeRoom";
import { whenLoaded } from "./whenLoaded";

/** Adds a component that was dropped on a wire, puts it into that wire and makes room for it: one batch, one step to undo. */
export function addOnWire(editor: EditorHandle, component: Component, at: Point, { id }: FlowEdge): void {
  void whenLoaded(editor, [id], labelOf(component), () => {
    const edge = editor.graph.edges.get(id);
    const fitting = edge && fitOnWire(editor, edge, component.ports);
    if (edge && fitting?.ok) put(editor, component, at, edge, fitting.fit);
  });
}

const labelOf = ({ title }: Component) => `Insert ${title} into a wire`;

function put(editor: EditorHandle, component: Component, at: Point, edge: FlowEdge, fit: Fit): void {
  const { module, name, title } = component;
  const id = newNodeId();
  const { width, height } = layoutCard(component.ports);
  const room = makeRoom(editor, edge, id, { x: snap(at.x), y: snap(at.y), width, height });
  const group = groupFor(editor.graph, room.at);
  const add: Op = { op: "add_node", id, module, component: name, label: title, ...room.at, group };
  const label = labelOf(component);
  editor.apply([add, ...room.ops, ...insertOps(editor, edge, id, fit)], { label });
  editor.select({ nodes: [id] });
  sayDropped(editor, label, edge.target, fit.carried.dropped);
}
