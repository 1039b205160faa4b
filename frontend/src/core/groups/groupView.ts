/** One group of a flow as a view of its own. */

import { addComponent } from "../addComponent";
import type { EditorHandle } from "../editorTypes";
import { differences, type Graph } from "../graph";
import type { FlowEdge, FlowNode, FlowNote, Op } from "../types";

const NONE = new Map<string, never>();

/**
 * The editor as it is within a group: its graph has the group's nodes and the wires at them, what is added joins the
 * group, and there are no frames. All else is the editor's own: there is one flow, one selection and one history.
 */
export function groupView(editor: EditorHandle, group: string): EditorHandle {
  const inner = new Inner(group);
  const { flow, can, catalogue, done, ownPorts, selection, connection } = editor;
  const { queue, notices, history, centre, revealing, within } = editor;
  return {
    ...{ flow, can, catalogue, done, ownPorts, selection, connection },
    ...{ queue, notices, history, centre, revealing, within },
    view: group,
    get graph() {
      return inner.of(editor.whole);
    },
    get whole() {
      return editor.whole;
    },
    portsOf: (id) => editor.portsOf(id),
    subscribe(listener) {
      let before = inner.of(editor.whole);
      return editor.subscribe((touched) => {
        const after = inner.of(editor.whole);
        listener(new Set([...touched, ...differences(before, after)]));
        before = after;
      });
    },
    subscribeTo: (id, listener) => editor.subscribeTo(id, listener),
    apply: (ops, options) => editor.apply(joining(ops, group), options),
    made: (...step) => editor.made(...step),
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    add(component, at) {
      return addComponent(this, component, at);
    },
    reveal: (id) => editor.reveal(id),
    enter: (other) => editor.enter(other),
    select: (chosen) => editor.select(chosen),
    load: (ids) => editor.load(ids),
    press: (node, data) => editor.press(node, data),
    validate: (node, settings) => editor.validate(node, settings),
    notify: (problem, kind, action) => editor.notify(problem, kind, action),
    dismiss: (notice) => editor.dismiss(notice),
  };
}

/** What of the flow's graph is a group's; the same object for the same graph. */
class Inner {
  private from: Graph | null = null;
  private inner: Graph = { nodes: NONE, edges: NONE, groups: NONE, notes: NONE };

  constructor(private readonly group: string) {}

  of(graph: Graph): Graph {
    if (this.from === graph) return this.inner;
    this.from = graph;
    const nodes = new Map<string, FlowNode>();
    for (const [id, node] of graph.nodes) if (node.group === this.group) nodes.set(id, node);
    const edges = new Map<string, FlowEdge>();
    for (const [id, edge] of graph.edges)
      if (nodes.has(edge.source) || nodes.has(edge.target)) edges.set(id, edge);
    const notes = new Map<string, FlowNote>();
    for (const [id, note] of graph.notes) if (note.group === this.group) notes.set(id, note);
    this.inner = { nodes, edges, groups: NONE, notes };
    return this.inner;
  }
}

/** The same operations, of what is the group's: no group is made in a group, and nothing changes to another. */
export function joining(ops: readonly Op[], group: string): Op[] {
  return ops.flatMap((op): Op[] => {
    if (op.op === "add_group") return [];
    if (op.op === "add_node" || op.op === "add_note") return [{ ...op, group }];
    if ((op.op !== "set_node" && op.op !== "set_note") || op.fields.group === undefined) return [op];
    const { group: _, ...fields } = op.fields;
    return Object.keys(fields).length > 0 ? [{ ...op, fields } as Op] : [];
  });
}
