import type { FlowApi } from "./api";
import { isLoaded, type ContentsAnswer } from "./contents";
import { Editor, type Kept } from "./editor";
import { Unreachable } from "./errors";
import { graphOf } from "./graph";
import { applyOps } from "./operations";
import type {
  Applied,
  Change,
  FlowDocument,
  FlowEdge,
  FlowGroup,
  FlowNode,
  FlowNote,
  LoadedEdge,
  LoadedNode,
  Op,
  Port,
} from "./types";

export function aNode(id: string, more: Partial<LoadedNode> = {}): LoadedNode {
  const empty = { name: id, module: "common-v1", component: "debug", label: id, comment: "", x: 0, y: 0 };
  return { id, ...empty, group: null, foreign: null, shared: [], settings: {}, rev: 1, ...more };
}

export function aGroup(id: string, more: Partial<FlowGroup> = {}): FlowGroup {
  const empty: Omit<FlowGroup, "id"> = {
    ...{ name: id, colour: "grey", collapsed: false, ports: {}, rev: 1 },
    ...{ x: 0, y: 0, width: 480, height: 240 },
  };
  return { id, ...empty, ...more };
}

export function aNote(id: string, more: Partial<FlowNote> = {}): FlowNote {
  return { id, text: id, group: null, colour: "amber", x: 0, y: 0, width: 240, height: 120, rev: 1, ...more };
}

export function anEdge(
  id: string,
  source: string,
  target: string,
  more: Partial<LoadedEdge> = {},
): LoadedEdge {
  return { id, source, source_port: "out", target, target_port: "in", mapping: {}, rev: 1, ...more };
}

export function aPort(name: string, source: boolean, more: Partial<Port> = {}): Port {
  return { name, label: name, source, position: source ? 1 : 3, schema: null, configuration: null, ...more };
}

/** A promise and the way to settle it. Without a value the fake server answers by its own rules. */
export function deferred(): { promise: Promise<Answer>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<Answer>((settle) => (resolve = () => settle(undefined)));
  return { promise, resolve };
}

type Answer = Applied | Error | undefined;

interface WholeDocument extends FlowDocument {
  nodes: LoadedNode[];
  edges: LoadedEdge[];
}

/** What the server sends when a flow is opened: contents only where they are empty. */
export function structureOf(document: WholeDocument): FlowDocument {
  const { nodes, edges, ...rest } = structuredClone(document);
  const isEmpty = (value: object = {}) => Object.keys(value).length === 0;
  return {
    ...rest,
    nodes: nodes.map(({ settings, schemas, ...row }) =>
      isEmpty(settings) && isEmpty(schemas) ? { ...row, settings } : row,
    ),
    edges: edges.map(({ mapping, ...row }) => (isEmpty(mapping) ? { ...row, mapping } : row)),
  };
}

/** A server with one flow in memory: answers by its own rules, or as a test tells it to, one call ahead. */
export class FakeServer {
  document: WholeDocument;
  log: Change[] = [];
  /** Batches and undos in the order they came. */
  readonly received: {
    id: string;
    ops?: Op[];
    undo?: number;
    force?: boolean;
    rest?: boolean;
    base?: number;
    pasted?: boolean;
  }[] = [];
  private script: (Answer | Promise<Answer>)[] = [];
  down = false;
  /** Opens with the structure alone, as the real one does. */
  bare = false;
  /** How many nodes and wires one answer has contents for. */
  most = 500;
  /** Ids of which contents were asked for, request by request. */
  readonly asked: string[][] = [];

  constructor(nodes: readonly FlowNode[] = [], edges: readonly FlowEdge[] = []) {
    this.document = {
      flow: { id: "f", name: "Flow", rev: 1, project: { id: "p", name: "Project" } },
      nodes: nodes.filter((node) => isLoaded(node)),
      edges: edges.filter((edge) => isLoaded(edge)),
      groups: [],
      notes: [],
      can: { edit: true, control: true },
      cluster: { state: "live", reason: "" },
    };
  }

  /** The next call answers this instead. */
  next(answer: Answer | Promise<Answer>): void {
    this.script.push(answer);
  }

  /** A change by somebody: recorded, and given back to be delivered (or lost). */
  commit(ops: Op[], id: string, more: Partial<Change> = {}): Change {
    const { flow } = this.document;
    const change: Change = { rev: flow.rev + 1, prev_rev: flow.rev, client_op_id: id, ops, ...more };
    const { graph } = applyOps(graphOf(this.document), ops, change.rev);
    this.document = {
      ...this.document,
      flow: { ...flow, rev: change.rev },
      nodes: [...graph.nodes.values()].filter((node) => isLoaded(node)),
      edges: [...graph.edges.values()].filter((edge) => isLoaded(edge)),
      groups: [...graph.groups.values()],
      notes: [...graph.notes.values()],
    };
    this.log.push(change);
    return change;
  }

  readonly api: FlowApi = {
    load: () => this.reach(() => (this.bare ? structureOf(this.document) : structuredClone(this.document))),
    contents: (nodes, edges) => this.reach(() => this.contentsOf(nodes, edges)),
    find: (words) => this.reach(() => ({ hits: this.textsWith(words), cut: false })),
    changes: (after) => this.reach(() => this.log.filter(({ rev }) => rev > after)),
    change: ({ client_op_id: id, ops, base_rev: base, pasted }) =>
      this.answer(id, { id, ops, base, ...(pasted ? { pasted } : {}) }, () => this.commit(ops, id)),
    undo: ({ change, client_op_id: id, force, rest }) =>
      this.answer(id, { id, undo: change, force, rest }, () => this.commit([], id, { undoes: change })),
    catalogue: () => this.reach(() => ({ modules: [], components: [] })),
    press: () => this.reach(() => ({ id: "signal" })),
    signal: () => this.reach(() => ({ state: "pending", problem: null })),
    validate: () => this.reach(() => []),
    siblings: () => this.reach(() => [{ id: "f", name: "Flow" }]),
    presses: () => Promise.resolve({}),
    runs: () => this.reach(() => ({ runs: [], silent: [] })),
    run: () => Promise.reject(new Unreachable("No host remembers this run any more.")),
    stack: () => Promise.reject(new Unreachable("No host keeps a stack of this node.")),
    validation: () => this.reach(() => ({ rev: 1, token: "t", full: true, edges: {} })),
  };

  contentsOf(nodes: readonly string[], edges: readonly string[]): ContentsAnswer {
    this.asked.push([...nodes, ...edges]);
    const { flow, nodes: allNodes, edges: allEdges } = structuredClone(this.document);
    const [some, left] = [nodes.slice(0, this.most), nodes.slice(this.most)];
    return {
      rev: flow.rev,
      nodes: Object.fromEntries(
        allNodes
          .filter(({ id }) => some.includes(id))
          .map(({ id, settings, schemas }) => [id, { settings, ...(schemas && { schemas }) }]),
      ),
      edges: Object.fromEntries(
        allEdges.filter(({ id }) => edges.includes(id)).map(({ id, mapping }) => [id, { mapping }]),
      ),
      left,
    };
  }

  /** Fields right below settings and mappings; the real one goes deeper. */
  private textsWith(words: string): { id: string; text: string }[] {
    const { nodes, edges } = this.document;
    const held = [
      ...nodes.map(({ id, settings }) => [id, settings] as const),
      ...edges.map(({ id, mapping }) => [id, mapping] as const),
    ];
    return held
      .flatMap(([id, fields]) =>
        Object.entries(fields).map(([name, value]) => ({ id, text: `${name}: ${String(value)}` })),
      )
      .filter(({ text }) => text.toLowerCase().includes(words));
  }

  private async reach<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (this.down) throw new Unreachable("down");
    return answer();
  }

  private async answer(
    id: string,
    call: (typeof this.received)[number],
    commit: () => Applied,
  ): Promise<Applied> {
    await Promise.resolve();
    if (this.down) throw new Unreachable("down");
    this.received.push(call);
    const told = await this.script.shift();
    if (told instanceof Error) throw told;
    return told ?? this.log.find((change) => change.client_op_id === id) ?? commit();
  }
}

/** Session storage in memory. */
export class FakeKeeper {
  kept: Kept | null = null;
  load = (): Kept | null => structuredClone(this.kept);
  save = (kept: Kept): void => {
    this.kept = structuredClone(kept);
  };
}

const DEBUG = {
  ...{
    module: "common-v1",
    name: "debug",
    title: "Debug",
    description: "",
    category: "",
    icon: "",
    tags: [],
  },
  ports: [aPort("in", false), aPort("out", true)],
};

/** An editor that has read a flow of `debug` nodes, with a catalogue that knows them. */
export async function openedEditor(nodes: FlowNode[], edges: FlowEdge[] = [], groups: FlowGroup[] = []) {
  const server = new FakeServer(nodes, edges);
  server.document = { ...server.document, groups };
  const catalogue = () => Promise.resolve({ modules: [], components: [DEBUG] });
  const editor = new Editor({ ...server.api, catalogue }, new FakeKeeper());
  await editor.open();
  return { editor, server };
}

/** Numbers from 0 to 1, the same ones for the same seed: a failure can be seen again. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
