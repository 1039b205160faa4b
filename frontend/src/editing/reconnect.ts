import { canWire, type Verdict, type WireEnds } from "../core/connect";
import { isLoaded } from "../core/contents";
import type { EditorHandle } from "../core/editorTypes";
import type { Graph } from "../core/graph";
import { newUuid } from "../core/ids";
import { findPort } from "../core/ports";
import type { FlowEdge, LoadedEdge, Op } from "../core/types";
import { sayDropped } from "./insert";
import { carryMapping } from "./mapping";
import { deliveryOps } from "./rowOps";
import { whenLoaded } from "./whenLoaded";

const LABEL = "Reconnect a wire";

/** Whether a wire may be led to other ports; back to its own it always may. */
export function judgeReconnect(editor: EditorHandle, edge: FlowEdge, ends: WireEnds): Verdict {
  const { from, to } = portsAt(editor, ends);
  return canWire(without(editor.graph, edge), ends, from, to);
}

/** Leads a wire's end to another port with as much of its mapping as fits; one batch, one step to undo. */
export function reconnect(editor: EditorHandle, edge: FlowEdge, ends: WireEnds): void {
  if (isSame(edge, ends)) return;
  void whenLoaded(editor, [edge.id], LABEL, () => {
    const now = editor.graph.edges.get(edge.id);
    if (now && isLoaded(now)) lead(editor, now, ends);
  });
}

function lead(editor: EditorHandle, edge: LoadedEdge, ends: WireEnds): void {
  const verdict = judgeReconnect(editor, edge, ends);
  if (!verdict.ok) {
    editor.notify({ code: "wire_refused", message: verdict.reason, node: ends.target }, "warning");
    return;
  }
  const { from, to } = portsAt(editor, ends);
  const { mapping, dropped } = carryMapping(edge.mapping, from?.schema ?? null, to?.schema ?? null);
  const id = newUuid();
  const added: Op = { op: "add_edge", id, ...ends, mapping };
  editor.apply([{ op: "delete_edge", id: edge.id }, added, ...deliveryOps(id, edge)], { label: LABEL });
  editor.select({ edges: [id] });
  sayDropped(editor, LABEL, ends.target, dropped);
}

function portsAt(editor: EditorHandle, ends: WireEnds) {
  const find = (id: string, name: string, source: boolean) => {
    const ports = editor.portsOf(id);
    return findPort(ports, name, source) ?? ports.find((port) => port.name === name);
  };
  return { from: find(ends.source, ends.source_port, true), to: find(ends.target, ends.target_port, false) };
}

function without(graph: Graph, edge: FlowEdge): Graph {
  const edges = new Map(graph.edges);
  edges.delete(edge.id);
  return { ...graph, edges };
}

function isSame(edge: FlowEdge, ends: WireEnds): boolean {
  return (
    edge.source === ends.source &&
    edge.source_port === ends.source_port &&
    edge.target === ends.target &&
    edge.target_port === ends.target_port
  );
}
