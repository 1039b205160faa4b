import { isLoaded } from "./contents";
import type { Graph, GraphKind } from "./graph";
import { isObject, setAt } from "./json";
import type { MoveGroup, MoveNode, Op, Schemas, SetSchema, ShareNode, UnshareNode } from "./types";

export interface Outcome {
  graph: Graph;
  /** Ids of what came, went or changed. */
  touched: Set<string>;
  /** Operations that found nothing to act on; empty when all of them applied. */
  skipped: Op[];
}

/**
 * Applies operations to a graph and leaves the given one as it is.
 *
 * `rev` is the revision of a confirmed change and is written on what it touches; without it the operations
 * are still on their way and everything keeps the revision it had. An operation that no longer fits (its
 * node was deleted by somebody else) is skipped here and refused by the server, which knows by whom. One that
 * writes into contents that are not loaded touches its node all the same: what is read later has it.
 */
export function applyOps(graph: Graph, ops: readonly Op[], rev?: number): Outcome {
  const draft = new Draft(graph, rev);
  const skipped = ops.filter((op) => !draft.apply(op));
  return { graph: draft.done(), touched: draft.touched, skipped };
}

type Rows = { [Kind in GraphKind]: ReturnType<Graph[Kind]["get"]> & object };

/** Copies a map once, on its first write. */
class Draft {
  readonly touched = new Set<string>();
  private readonly written: { [Kind in GraphKind]?: Map<string, Rows[Kind]> } = {};

  constructor(
    private readonly graph: Graph,
    private readonly rev: number | undefined,
  ) {}

  done(): Graph {
    return Object.keys(this.written).length > 0 ? { ...this.graph, ...this.written } : this.graph;
  }

  /** False when the operation found nothing to act on. */
  apply(op: Op): boolean {
    switch (op.op) {
      case "add_node":
        return this.add("nodes", {
          id: op.id,
          name: op.name ?? "",
          module: op.module,
          component: op.component,
          label: op.label ?? "",
          comment: op.comment ?? "",
          x: op.x,
          y: op.y,
          group: op.group ?? null,
          foreign: op.foreign ?? null,
          shared: op.shared ?? [],
          settings: op.settings ?? {},
          ...(op.schemas && { schemas: op.schemas }),
          rev: 0,
        });
      case "set_node":
        return this.change("nodes", op.id, (node) => ({ ...node, ...op.fields }));
      case "set_setting":
        return this.change("nodes", op.id, (node) => {
          if (!isLoaded(node)) return node;
          const settings = setAt(node.settings, op.path, op.value);
          return isObject(settings) ? { ...node, settings } : node;
        });
      case "set_schema":
        return this.change("nodes", op.id, (node) =>
          isLoaded(node) ? { ...node, schemas: withSchema(node.schemas, op) } : node,
        );
      case "delete_node":
        return this.deleteNode(op.id);
      case "add_edge":
        if (!this.get("nodes", op.source) || !this.get("nodes", op.target)) return false;
        return this.add("edges", {
          id: op.id,
          source: op.source,
          source_port: op.source_port,
          target: op.target,
          target_port: op.target_port,
          mapping: op.mapping ?? {},
          ...(typeof op.timeout_ms === "number" && { timeout_ms: op.timeout_ms }),
          ...(op.retry_policy && { retry_policy: op.retry_policy }),
          rev: 0,
        });
      case "set_mapping":
        return this.change("edges", op.id, (edge) => ({ ...edge, mapping: op.mapping }));
      case "set_delivery":
        return this.change("edges", op.id, (edge) => ({
          ...edge,
          timeout_ms: op.timeout_ms,
          retry_policy: op.retry_policy,
        }));
      case "delete_edge":
        return this.remove("edges", op.id);
      case "add_group": {
        const { op: _kind, ...given } = op;
        return this.add("groups", {
          name: "",
          colour: "grey",
          collapsed: false,
          ports: {},
          rev: 0,
          ...given,
        });
      }
      case "set_group":
        return this.change("groups", op.id, (group) => ({ ...group, ...op.fields }));
      case "delete_group":
        return this.deleteGroup(op.id);
      case "add_note": {
        const { op: _kind, ...given } = op;
        return this.add("notes", { text: "", group: null, colour: "amber", rev: 0, ...given });
      }
      case "set_note":
        return this.change("notes", op.id, (note) => ({ ...note, ...op.fields }));
      case "delete_note":
        return this.remove("notes", op.id);
      case "share_node":
        return this.share(op);
      case "unshare_node":
        return this.unshare(op);
      case "move_node":
        return this.moveNode(op);
      case "move_group":
        return this.moveGroup(op);
    }
  }

  private rows<Kind extends GraphKind>(kind: Kind): ReadonlyMap<string, Rows[Kind]> {
    return (this.written[kind] ?? this.graph[kind]) as ReadonlyMap<string, Rows[Kind]>;
  }

  private get<Kind extends GraphKind>(kind: Kind, id: string): Rows[Kind] | undefined {
    return this.rows(kind).get(id);
  }

  private writable<Kind extends GraphKind>(kind: Kind): Map<string, Rows[Kind]> {
    const known = this.written[kind] as Map<string, Rows[Kind]> | undefined;
    if (known) return known;
    const copy = new Map(this.rows(kind));
    Object.assign(this.written, { [kind]: copy });
    return copy;
  }

  private put<Kind extends GraphKind>(kind: Kind, row: Rows[Kind]): void {
    this.writable(kind).set(row.id, { ...row, rev: this.rev ?? row.rev });
    this.touched.add(row.id);
  }

  private add<Kind extends GraphKind>(kind: Kind, row: Rows[Kind]): boolean {
    if (this.get(kind, row.id)) return false;
    this.put(kind, row);
    return true;
  }

  private change<Kind extends GraphKind>(
    kind: Kind,
    id: string,
    change: (row: Rows[Kind]) => Rows[Kind],
  ): boolean {
    const row = this.get(kind, id);
    if (!row) return false;
    this.put(kind, change(row));
    return true;
  }

  private remove(kind: GraphKind, id: string): boolean {
    if (!this.get(kind, id)) return false;
    this.writable(kind).delete(id);
    this.touched.add(id);
    return true;
  }

  private deleteNode(id: string): boolean {
    if (!this.remove("nodes", id)) return false;
    for (const edge of this.rows("edges").values()) {
      if (edge.source === id || edge.target === id) this.remove("edges", edge.id);
    }
    return true;
  }

  /** In its own flow one more flow shows it; in that one it appears. */
  private share({ id, flow, node }: ShareNode): boolean {
    const own = this.get("nodes", id);
    if (!own) return node !== undefined && this.add("nodes", { ...node, rev: 0 });
    if (own.foreign || own.shared.includes(flow)) return false;
    this.put("nodes", { ...own, shared: [...own.shared, flow] });
    return true;
  }

  private unshare({ id, flow }: UnshareNode): boolean {
    const node = this.get("nodes", id);
    if (!node) return false;
    if (node.foreign) return this.deleteNode(id);
    this.put("nodes", { ...node, shared: node.shared.filter((other) => other !== flow) });
    return true;
  }

  /** It comes, or goes, or goes and stays shown, or another flow than before is now its own. */
  private moveNode({ id, flow, name = "", keep, node: arrival }: MoveNode): boolean {
    if (arrival) {
      this.put("nodes", { ...arrival, rev: 0 });
      return true;
    }
    const node = this.get("nodes", id);
    if (!node) return false;
    if (!node.foreign && !keep) return this.deleteNode(id);
    this.put("nodes", { ...node, foreign: { id: flow, name }, shared: [] });
    return true;
  }

  /** Its notes go with it; its nodes by operations of their own. */
  private moveGroup({ id, group, notes = [] }: MoveGroup): boolean {
    if (this.get("groups", id)) {
      for (const note of this.rows("notes").values()) if (note.group === id) this.remove("notes", note.id);
      return this.deleteGroup(id);
    }
    for (const note of notes) this.add("notes", { ...note, rev: 0 });
    return group !== undefined && this.add("groups", { ...group, rev: 0 });
  }

  /** Its nodes and notes stay, outside of it. */
  private deleteGroup(id: string): boolean {
    if (!this.remove("groups", id)) return false;
    for (const node of this.rows("nodes").values()) {
      if (node.group === id) this.put("nodes", { ...node, group: null });
    }
    for (const note of this.rows("notes").values()) {
      if (note.group === id) this.put("notes", { ...note, group: null });
    }
    return true;
  }
}

function withSchema(schemas: Schemas | undefined, op: SetSchema): Schemas | undefined {
  const { [op.definition]: _, ...others } = schemas?.[op.port] ?? {};
  const said = op.schema ? { ...others, [op.definition]: op.schema } : others;
  const { [op.port]: __, ...ports } = schemas ?? {};
  return Object.keys(said).length > 0 ? { ...ports, [op.port]: said } : ports;
}

/** Whether an applied change left the graph as the server says it is: wires go along with their node. */
export function fitsDocument(outcome: Outcome): boolean {
  return outcome.skipped.every((op) => op.op === "delete_edge");
}
