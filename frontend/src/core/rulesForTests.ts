import type { FlowApi } from "./api";
import { isLoaded, mappingOf, settingsOf } from "./contents";
import { Refusal } from "./errors";
import { graphOf, type Graph } from "./graph";
import { getAt } from "./json";
import { applyOps } from "./operations";
import { FakeServer } from "./testing";
import type { Change, Op } from "./types";

/** Operations that take these back, by the rule of the server: from the last to the first, each to what stood before. */
export function inverseOf(graph: Graph, ops: readonly Op[]): Op[] {
  let now = graph;
  return ops
    .map((op) => {
      const back = inverse(now, op);
      now = applyOps(now, [op]).graph;
      return back;
    })
    .reverse()
    .flat();
}

function inverse({ nodes, edges }: Graph, op: Op): Op[] {
  const [node, edge] = [nodes.get(op.id), edges.get(op.id)];
  switch (op.op) {
    case "add_node":
      return [{ op: "delete_node", id: op.id }];
    case "add_edge":
      return [{ op: "delete_edge", id: op.id }];
    case "set_node": {
      const fields = Object.fromEntries(
        Object.keys(op.fields).map((name) => [name, node?.[name as keyof typeof op.fields]]),
      );
      return [{ op: "set_node", id: op.id, fields }];
    }
    case "set_setting": {
      const value = getAt(settingsOf(node) ?? {}, op.path);
      return [{ op: "set_setting", id: op.id, path: op.path, ...(value === undefined ? {} : { value }) }];
    }
    case "set_mapping":
      return [{ op: "set_mapping", id: op.id, mapping: mappingOf(edge) ?? {} }];
    case "set_delivery": {
      const { timeout_ms = null, retry_policy = null } = edge ?? {};
      return [{ op: "set_delivery", id: op.id, timeout_ms, retry_policy }];
    }
    case "delete_edge":
      return edge && isLoaded(edge) ? [addEdge(edge)] : [];
    case "delete_node": {
      if (!node || !isLoaded(node)) return [];
      const { id, module, component, x, y, label, comment, settings, name } = node;
      const wires = [...edges.values()].filter(({ source, target }) => source === id || target === id);
      return [
        { op: "add_node", id, module, component, x, y, label, comment, settings, name },
        ...wires.filter((wire) => isLoaded(wire)).map(addEdge),
      ];
    }
    default:
      throw new Error(`No test needs the inverse of ${op.op} here.`);
  }
}

function addEdge({
  rev: _,
  ...row
}: { id: string; rev: number } & Omit<Op & { op: "add_edge" }, "op" | "id">): Op {
  return { op: "add_edge", ...row };
}

/** A server that refuses what does not fit, whole, and takes changes back as the real one does. */
export class StrictServer extends FakeServer {
  private readonly before = new Map<number, Graph>();

  readonly strict: FlowApi = {
    ...this.api,
    change: async ({ client_op_id: id, ops }) => {
      await Promise.resolve();
      return this.log.find((change) => change.client_op_id === id) ?? this.keep(ops, id);
    },
    undo: async ({ change: rev, client_op_id: id }) => {
      await Promise.resolve();
      const first = this.log.find((change) => change.client_op_id === id);
      if (first) return first;
      const change = this.log.find((one) => one.rev === rev);
      const was = this.before.get(rev);
      if (!change || !was) throw new Refusal(404, "unknown_change", "Not on record.");
      if (!this.stands(was, change)) throw new Refusal(409, "undo_conflict", "Changed since.");
      return this.keep(inverseOf(was, change.ops), id, { undoes: rev });
    },
  };

  private keep(ops: Op[], id: string, more: Partial<Change> = {}): Change {
    const graph = graphOf(this.document);
    if (applyOps(graph, ops).skipped.length > 0) throw new Refusal(409, "node_deleted", "It is gone.");
    this.before.set(this.document.flow.rev + 1, graph);
    return this.commit(ops, id, more);
  }

  /** Whether all that the change wrote is as it left it. */
  private stands(was: Graph, { ops }: Change): boolean {
    const then = applyOps(was, ops).graph;
    const now = graphOf(this.document);
    const same = (kind: "nodes" | "edges", id: string) =>
      JSON.stringify({ ...now[kind].get(id), rev: 0 }) === JSON.stringify({ ...then[kind].get(id), rev: 0 });
    return ops.every(({ id }) => same("nodes", id) && same("edges", id));
  }
}
