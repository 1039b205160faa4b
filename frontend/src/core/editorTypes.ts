import type { Point } from "./geometry";
import type { Graph } from "./graph";
import type { OwnPorts } from "./ports";
import type { Cell, Readable, Unsubscribe } from "./store";
import type {
  Can,
  Catalogue,
  ClusterState,
  FieldProblem,
  Json,
  JsonObject,
  Op,
  Port,
  Problem,
  Telemetry,
} from "./types";

export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

export interface FlowInfo {
  readonly id: string;
  readonly name: string;
  readonly project: { readonly id: string; readonly name: string };
}

/** How this page is connected: the socket, the cluster behind it, and the edits still on their way. */
export interface Connection extends Telemetry {
  readonly socket: "connecting" | "live" | "reconnecting" | "signed_out" | "gone";
  readonly cluster: ClusterState;
}

/** What can be taken back and done again, by the label it was done under; null when there is nothing. */
export interface HistoryState {
  readonly undo: string | null;
  readonly redo: string | null;
}

/** Edits that the server has not confirmed yet. */
export interface QueueState {
  readonly pending: number;
  /** True while the server cannot be reached: edits are kept and sent later. */
  readonly stalled: boolean;
  /** True: kept until the person has signed in again. */
  readonly signedOut: boolean;
}

export type NoticeKind = "error" | "warning" | "info";

export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly message: string;
  /** The node or edge it concerns, if any. */
  readonly node?: string;
  readonly edge?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export type PressPhase = "sending" | "pending" | "done" | "failed";

export interface PressState {
  readonly key: string;
  readonly node: string;
  readonly phase: PressPhase;
  readonly problem: Problem | null;
}

/** A pressed control: watch it with `subscribe`, or await its end (`done` or `failed`; it never rejects). */
export interface Press extends Readable<PressState>, PromiseLike<PressState> {}

export interface ApplyOptions {
  /** What the person did, for messages: "Move 3 nodes". */
  label: string;
  /** Batches with the same key that follow closely are one step to undo, and those that still wait are sent as one. */
  merge?: string;
  /** They bring in what stood elsewhere: what is not known here is let in. */
  pasted?: boolean;
}

/** Everything the panels may ask of the editor. Implemented by `Editor` in editor.ts. */
export interface EditorHandle {
  /** The graph as this person sees it: the server's, with the edits still on their way on top. */
  readonly graph: Graph;
  /** The graph of the whole flow, also where `graph` is that of one group. */
  readonly whole: Graph;
  /** The group that this is a view of; null: it is of the whole flow. Never another. */
  readonly view: string | null;
  /** The group that this person looks at now as a view of its own; null: at the whole flow. */
  readonly within: Readable<string | null>;
  readonly flow: Readable<FlowInfo>;
  readonly can: Readable<Can>;
  readonly catalogue: Readable<Catalogue>;
  /** The last edit of this person, in words; a new object for each. */
  readonly done: Readable<{ readonly label: string } | null>;
  /** Ports of nodes that have others than their component; ask `portsOf` for all ports of a node. */
  readonly ownPorts: Readable<OwnPorts>;
  readonly selection: Readable<Selection>;
  readonly connection: Readable<Connection>;
  readonly queue: Readable<QueueState>;
  readonly notices: Readable<readonly Notice[]>;
  readonly history: Readable<HistoryState>;
  /** Middle of what the canvas shows; the canvas keeps it. */
  readonly centre: Cell<Point>;
  /** What to bring into view next; whoever has shown it sets null. */
  readonly revealing: Cell<{ readonly id: string } | null>;
  /** All ports of a node, system ports too; empty for a node or component that is not known. */
  portsOf(node: string): readonly Port[];
  /** Woken by any change of the graph; `touched` are the ids of what came, went or may have changed. */
  subscribe(listener: (touched: ReadonlySet<string>) => void): Unsubscribe;
  /** Woken when this node, or this edge, changed, came or went. */
  subscribeTo(id: string, listener: () => void): Unsubscribe;
  /**
   * Reads settings and mappings of these nodes and wires, as far as they are not here: a flow opens with its structure.
   * Resolves once they stand in the graph, but for what is gone; rejects with `Refusal` or `Unreachable`.
   */
  load(ids: Iterable<string>): Promise<void>;
  /** Applies at once on this page and queues one batch for the server. */
  apply(ops: Op[], options: ApplyOptions): void;
  /** A change of this person's that another request than a batch has made: it is taken back like any other. */
  made(id: string, label: string, rev: number): void;
  undo(): void;
  redo(): void;
  /**
   * Adds a component, selects it and answers its id: at `at` (the card's top left corner, snapped), else at
   * a free place near the middle of what is seen. Null when this person may not edit.
   */
  add(component: { module: string; component: string }, at?: Point): string | null;
  /** Brings a node, an edge or a note into view, opening or leaving the group that hides it, and selects it. */
  reveal(id: string): void;
  /** Opens a group as a view of its own, for this person only; null: back to the whole flow. */
  enter(group: string | null): void;
  select(selection: { nodes?: Iterable<string>; edges?: Iterable<string> }): void;
  /** Presses a control of a node, e.g. `{reset: true}`. */
  press(node: string, data: JsonObject): Press;
  /** Asks the server about settings that are being edited. */
  validate(node: string, settings: Json): Promise<FieldProblem[]>;
  notify(problem: Problem, kind?: NoticeKind, action?: Notice["action"]): void;
  dismiss(notice: string): void;
}
