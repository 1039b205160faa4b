import type { EditorHandle } from "../core/editorTypes";
import { snap, type Point } from "../core/geometry";
import { newNodeId } from "../core/ids";
import type { Component, FlowEdge, Op } from "../core/types";
import { insertOps, sayDropped, type Fit } from "./insert";

/** Adds a component that was dropped on a wire and puts it into that wire: one batch, one step to undo. */
export function addOnWire(
  editor: EditorHandle,
  component: Component,
  at: Point,
  edge: FlowEdge,
  fit: Fit,
): void {
  const { module, name, title } = component;
  const id = newNodeId();
  const place = { x: snap(at.x), y: snap(at.y) };
  const add: Op = { op: "add_node", id, module, component: name, label: title, ...place };
  const label = `Insert ${title} into a wire`;
  editor.apply([add, ...insertOps(editor, edge, id, fit)], { label });
  editor.select({ nodes: [id] });
  sayDropped(editor, label, edge.target, fit.carried.dropped);
}
