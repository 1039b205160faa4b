import type { Graph } from "./graph";
import { isObject, setAt } from "./json";
import type { FlowEdge, FlowNode, Op, SetSchema } from "./types";

export interface Outcome {
  graph: Graph;
  /** Ids of nodes and edges that came, went or changed. */
  touched: Set<string>;
  /** Operations that found nothing to act on; empty when all of them applied. */
  skipped: Op[];
}

/**
 * Applies operations to a graph and leaves the given one as it is.
 *
 * `rev` is the revision of a confirmed change and is written on what it touches; without it the operations
 * are still on their way and everything keeps the revision it had. An operation that no longer fits (its
 * node was deleted by somebody else) is skipped here and refused by the server, which knows by whom.
 */
export function applyOps(graph: Graph, ops: readonly Op[], rev?: number): Outcome {
  const draft = new Draft(graph, rev);
  const skipped = ops.filter((op) => !draft.apply(op));
  return { graph: draft.done(), touched: draft.touched, skipped };
}

/** Copies a map once, on its first write. */
class Draft {
  readonly touched = new Set<string>();
  private nodes: Map<string, FlowNode> | null = null;
  private edges: Map<string, FlowEdge> | null = null;

  constructor(
    private readonly graph: Graph,
    private readonly rev: number | undefined,
  ) {}

  done(): Graph {
    if (!this.nodes && !this.edges) return this.graph;
    return { nodes: this.nodes ?? this.graph.nodes, edges: this.edges ?? this.graph.edges };
  }

  /** False when the operation found nothing to act on. */
  apply(op: Op): boolean {
    switch (op.op) {
      case "add_node":
        if (this.node(op.id)) return false;
        this.putNode({
          id: op.id,
          name: op.name ?? "",
          module: op.module,
          component: op.component,
          label: op.label ?? "",
          comment: op.comment ?? "",
          x: op.x,
          y: op.y,
          settings: op.settings ?? {},
          ...(op.schemas && { schemas: op.schemas }),
          rev: 0,
        });
        return true;
      case "set_node":
        return this.changeNode(op.id, (node) => ({ ...node, ...op.fields }));
      case "set_setting":
        return this.changeNode(op.id, (node) => {
          const settings = setAt(node.settings, op.path, op.value);
          return isObject(settings) ? { ...node, settings } : node;
        });
      case "set_schema":
        return this.changeNode(op.id, (node) => ({ ...node, schemas: withSchema(node.schemas, op) }));
      case "delete_node":
        return this.deleteNode(op.id);
      case "add_edge":
        if (this.edge(op.id) || !this.node(op.source) || !this.node(op.target)) return false;
        this.putEdge({
          id: op.id,
          source: op.source,
          source_port: op.source_port,
          target: op.target,
          target_port: op.target_port,
          mapping: op.mapping ?? {},
          rev: 0,
        });
        return true;
      case "set_mapping": {
        const edge = this.edge(op.id);
        if (!edge) return false;
        this.putEdge({ ...edge, mapping: op.mapping });
        return true;
      }
      case "delete_edge":
        return this.deleteEdge(op.id);
    }
  }

  private node(id: string): FlowNode | undefined {
    return (this.nodes ?? this.graph.nodes).get(id);
  }

  private edge(id: string): FlowEdge | undefined {
    return (this.edges ?? this.graph.edges).get(id);
  }

  private changeNode(id: string, change: (node: FlowNode) => FlowNode): boolean {
    const node = this.node(id);
    if (!node) return false;
    this.putNode(change(node));
    return true;
  }

  private putNode(node: FlowNode): void {
    this.nodes ??= new Map(this.graph.nodes);
    this.nodes.set(node.id, { ...node, rev: this.rev ?? node.rev });
    this.touched.add(node.id);
  }

  private putEdge(edge: FlowEdge): void {
    this.edges ??= new Map(this.graph.edges);
    this.edges.set(edge.id, { ...edge, rev: this.rev ?? edge.rev });
    this.touched.add(edge.id);
  }

  private deleteNode(id: string): boolean {
    if (!this.node(id)) return false;
    this.nodes ??= new Map(this.graph.nodes);
    this.nodes.delete(id);
    this.touched.add(id);
    for (const edge of (this.edges ?? this.graph.edges).values()) {
      if (edge.source === id || edge.target === id) this.deleteEdge(edge.id);
    }
    return true;
  }

  private deleteEdge(id: string): boolean {
    if (!this.edge(id)) return false;
    this.edges ??= new Map(this.graph.edges);
    this.edges.delete(id);
    this.touched.add(id);
    return true;
  }
}

function withSchema(schemas: FlowNode["schemas"], op: SetSchema): FlowNode["schemas"] {
  const { [op.definition]: _, ...others } = schemas?.[op.port] ?? {};
  const said = op.schema ? { ...others, [op.definition]: op.schema } : others;
  const { [op.port]: __, ...ports } = schemas ?? {};
  return Object.keys(said).length > 0 ? { ...ports, [op.port]: said } : ports;
}

/** Whether an applied change left the graph as the server says it is: wires go along with their node. */
export function fitsDocument(outcome: Outcome): boolean {
  return outcome.skipped.every((op) => op.op === "delete_edge");
}
