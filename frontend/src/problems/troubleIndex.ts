import type { OpenFlow } from "../live/context";
import { edgeTroubles, nodeTroubles, type Found, type Trouble } from "./findProblems";

/** Nobody reads more; mended ones make room. */
const MOST = 500;

/** What is wrong anywhere in the flow, kept by node and wire: a change costs what it touches and what is wrong already. */
export class TroubleIndex {
  private readonly nodes = new Ordered();
  private readonly edges = new Ordered();

  constructor(private readonly flow: OpenFlow) {
    this.refresh();
  }

  /** Looks at the whole flow again. */
  refresh(): void {
    const { nodes, edges } = this.flow.editor.graph;
    this.nodes.clear();
    this.edges.clear();
    for (const id of nodes.keys()) this.lookAtNode(id);
    for (const id of edges.keys()) this.lookAtEdge(id);
  }

  /** Looks at these nodes and wires again; answers whether anything is or was wrong with one of them. */
  update(touched: ReadonlySet<string>): boolean {
    const { nodes, edges } = this.flow.editor.graph;
    let isOther = false;
    for (const id of touched) {
      if (nodes.has(id) || this.nodes.has(id)) isOther = this.lookAtNode(id) || isOther;
      if (edges.has(id) || this.edges.has(id)) isOther = this.lookAtEdge(id) || isOther;
    }
    // A wire is called by its ends, and goes with them.
    for (const id of this.edges.wrong()) {
      const edge = edges.get(id);
      if (!edge || touched.has(edge.source) || touched.has(edge.target)) {
        isOther = this.lookAtEdge(id) || isOther;
      }
    }
    return isOther;
  }

  /** First nodes, then wires, in the order of the document. */
  found(): Found {
    const all = [...this.nodes.inOrder(), ...this.edges.inOrder()];
    return { troubles: all.slice(0, MOST), total: all.length };
  }

  private lookAtNode(id: string): boolean {
    const node = this.flow.editor.graph.nodes.get(id);
    return this.nodes.set(id, node ? nodeTroubles(this.flow, node) : null);
  }

  private lookAtEdge(id: string): boolean {
    const edge = this.flow.editor.graph.edges.get(id);
    return this.edges.set(id, edge ? edgeTroubles(this.flow, edge) : null);
  }
}

/** Troubles by id, in the order in which the ids came; what is new comes last, as in the document. */
class Ordered {
  private readonly orders = new Map<string, number>();
  private readonly troubles = new Map<string, readonly Trouble[]>();
  private next = 0;

  has(id: string): boolean {
    return this.orders.has(id);
  }

  /** Ids of what has troubles. */
  wrong(): string[] {
    return [...this.troubles.keys()];
  }

  /** Null: it is gone. Answers whether there are or were troubles. */
  set(id: string, troubles: readonly Trouble[] | null): boolean {
    const had = this.troubles.delete(id);
    if (!troubles) {
      this.orders.delete(id);
      return had;
    }
    if (!this.orders.has(id)) this.orders.set(id, this.next++);
    if (troubles.length > 0) this.troubles.set(id, troubles);
    return had || troubles.length > 0;
  }

  inOrder(): Trouble[] {
    const order = (id: string): number => this.orders.get(id) ?? 0;
    const sorted = [...this.troubles].sort(([one], [other]) => order(one) - order(other));
    return sorted.flatMap(([, troubles]) => troubles);
  }

  clear(): void {
    this.orders.clear();
    this.troubles.clear();
    this.next = 0;
  }
}
