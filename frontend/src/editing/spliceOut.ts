import { canWire } from "../core/connect";
import { mappingOf } from "../core/contents";
import type { EditorHandle } from "../core/editorTypes";
import { newUuid } from "../core/ids";
import { findPort } from "../core/ports";
import type { FlowEdge, Op } from "../core/types";
import { sayDropped } from "./insert";
import { carryMapping } from "./mapping";
import { whenLoaded } from "./whenLoaded";

/**
 * Deletes the selected nodes and joins what stood before them with what stood behind: where one wire leads in
 * and one leads out, as for a node in a chain or a whole piece of one. Says so where it is not like that.
 */
export function spliceOut(editor: EditorHandle): void {
  const { out } = wiresAround(editor);
  // Of which the last one's mapping is kept; with more than one it is refused.
  const last = out.slice(0, 1).map(({ id }) => id);
  void whenLoaded(editor, last, "Take out of the wire", () => splice(editor));
}

function splice(editor: EditorHandle): void {
  const { nodes } = editor.selection.get();
  if (nodes.size === 0) return;
  const { into, out } = wiresAround(editor);
  const label =
    nodes.size === 1 ? "Take a node out of its wire" : `Take ${String(nodes.size)} nodes out of their wire`;
  const [first, last] = [into[0], out[0]];
  if (!first || !last || into.length > 1 || out.length > 1) {
    const message = `${label}: that needs one wire in and one out; here are ${String(into.length)} and ${String(out.length)}. Delete takes the wires along.`;
    editor.notify({ code: "not_in_a_wire", message }, "warning");
    return;
  }
  const ends = {
    ...{ source: first.source, source_port: first.source_port },
    ...{ target: last.target, target_port: last.target_port },
  };
  const from = findPort(editor.portsOf(ends.source), ends.source_port, true);
  const to = findPort(editor.portsOf(ends.target), ends.target_port, false);
  const verdict = canWire(editor.graph, ends, from, to);
  if (!verdict.ok) {
    editor.notify(
      { code: "wire_refused", message: `${label}: ${verdict.reason}`, node: ends.target },
      "warning",
    );
    return;
  }
  const { mapping, dropped } = carryMapping(mappingOf(last) ?? {}, from?.schema ?? null, to?.schema ?? null);
  const id = newUuid();
  const ops: Op[] = Array.from(nodes, (node): Op => ({ op: "delete_node", id: node }));
  editor.apply([...ops, { op: "add_edge", id, ...ends, mapping }], { label });
  editor.select({ edges: [id] });
  sayDropped(editor, label, ends.target, dropped);
}

/** Whether wires lead into the selected nodes and out of them. */
export function isInWire(editor: EditorHandle): boolean {
  const { into, out } = wiresAround(editor);
  return into.length > 0 && out.length > 0;
}

/** The wires between the selected nodes and others. */
function wiresAround(editor: EditorHandle): { into: FlowEdge[]; out: FlowEdge[] } {
  const { nodes } = editor.selection.get();
  const into: FlowEdge[] = [];
  const out: FlowEdge[] = [];
  for (const edge of editor.graph.edges.values()) {
    if (nodes.has(edge.source) === nodes.has(edge.target)) continue;
    (nodes.has(edge.target) ? into : out).push(edge);
  }
  return { into, out };
}
