/** What travels between browser and server: the shapes of docs/protocols.md, sections 3 to 6. */

import type { NotLoaded } from "./contents";
import type { Delivery } from "./delivery";
import type { Op } from "./ops";
import type { HereDelta, Said } from "./presence";
import type { TestsRun } from "./testsRun";

export type * from "./ops";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
/** A JSON Schema 2020-12 document with our form keywords; `true`, `{}` and null accept anything. */
export type Schema = JsonObject;
/** Keys and indexes from the root of a settings document down to one value. */
export type Path = readonly (string | number)[];

export interface FlowRef {
  readonly id: string;
  readonly name: string;
}

/** What is known of a node from the beginning. */
export interface NodeStructure {
  readonly id: string;
  /** Resource name on the cluster; empty until the server has said it. */
  readonly name: string;
  readonly module: string;
  readonly component: string;
  readonly label: string;
  readonly comment: string;
  readonly x: number;
  readonly y: number;
  /** The group whose frame it stands in. */
  readonly group: string | null;
  /** The flow it belongs to, where that is another than the one it is shown in. */
  readonly foreign: FlowRef | null;
  /** Flows of the project that it is shared into. */
  readonly shared: readonly string[];
  /** Revision of the last change that touched this node; 0 while only this browser knows of it. */
  readonly rev: number;
}

/** What people say is in open definitions: by port, then by the identity of the definition. */
export type Schemas = Readonly<Record<string, Readonly<Record<string, Schema>>>>;

export interface LoadedNode extends NodeStructure {
  readonly settings: JsonObject;
  readonly schemas?: Schemas;
}

/** A node of which nothing but the structure was read: see `core/contents.ts`. */
export interface BareNode extends NodeStructure {
  readonly settings: NotLoaded;
}

export type FlowNode = LoadedNode | BareNode;

/** Of its delivery only where something is said. */
export interface EdgeStructure extends Partial<Delivery> {
  readonly id: string;
  readonly source: string;
  readonly source_port: string;
  readonly target: string;
  readonly target_port: string;
  readonly rev: number;
}

export interface LoadedEdge extends EdgeStructure {
  readonly mapping: JsonObject;
}

export interface BareEdge extends EdgeStructure {
  readonly mapping: NotLoaded;
}

export type FlowEdge = LoadedEdge | BareEdge;

/** Rows as they are read: without contents, unless these are empty. */
export type NodeRow = NodeStructure & Partial<Pick<LoadedNode, "settings" | "schemas">>;
export type EdgeRow = EdgeStructure & Partial<Pick<LoadedEdge, "mapping">>;

/** What groups and notes are drawn in; the theme says how each looks. */
export const COLOURS = ["grey", "blue", "green", "amber", "red", "violet"] as const;
export type Colour = (typeof COLOURS)[number];

/** A frame behind nodes that belong together; collapsed, one card that stands for them all. */
export interface FlowGroup {
  readonly id: string;
  readonly name: string;
  readonly colour: Colour;
  readonly collapsed: boolean;
  /** Names that people gave to ports of the collapsed card, by `core/groups/ports.ts` keyOf. */
  readonly ports: Readonly<Record<string, string>>;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rev: number;
}

/** A text in Markdown on the canvas. */
export interface FlowNote {
  readonly id: string;
  readonly text: string;
  /** The group that it lies in: it goes where that goes, and is hidden by its card. */
  readonly group: string | null;
  readonly colour: Colour;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rev: number;
}

/** One step of the flow's document stream. */
export interface Change {
  rev: number;
  prev_rev: number;
  client_op_id: string;
  ops: Op[];
  by?: { id: number | string; name: string };
  at?: string | number;
  /** Revision of the change that this one took back. */
  undoes?: number | null;
  undoable?: boolean;
}

/** The answer to a batch of operations or an undo. */
export interface Applied {
  rev: number;
  prev_rev: number;
  ops: Op[];
}

export interface FlowDocument {
  flow: { id: string; name: string; rev: number; project: { id: string; name: string } };
  nodes: NodeRow[];
  edges: EdgeRow[];
  groups: FlowGroup[];
  notes: FlowNote[];
  can: Can;
  cluster: { state: ClusterState; reason: string };
}

export interface Can {
  readonly edit: boolean;
  readonly control: boolean;
  /** Add and change nodes that run code; not said: as they may edit. */
  readonly code?: boolean;
}

export type ClusterState = "live" | "unreachable";

/** 0 top, 1 right, 2 bottom, 3 left. */
export type PortPosition = 0 | 1 | 2 | 3;

export interface Port {
  readonly name: string;
  readonly label: string;
  readonly position: PortPosition;
  /** True: messages leave the node here. */
  readonly source: boolean;
  readonly schema: Schema | null;
  readonly configuration: Json;
}

export interface Component {
  readonly module: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** All that its author says of it, in Markdown; begins with the description. */
  readonly info?: string;
  readonly category: string;
  readonly icon: string;
  readonly tags: readonly string[];
  /** Where a source starts by itself; nothing for what only answers messages. */
  readonly runsOn?: "" | "leader" | "every";
  /** Its settings are a program: writing them is a right of its own. */
  readonly runsCode?: boolean;
  readonly ports: readonly Port[];
}

export interface CatalogueModule {
  readonly name: string;
  readonly version: string;
  readonly available: boolean;
  /** Somebody runs it for a while: it is offered only as long as it is available. */
  readonly byHand?: boolean;
}

export interface Catalogue {
  readonly modules: readonly CatalogueModule[];
  readonly components: readonly Component[];
}

/** Something that went wrong: what, where, and what to do. */
export interface Problem {
  code: string;
  message: string;
  /** JSON pointer of the field concerned. */
  field?: string;
  edge?: string;
  port?: string;
  node?: string;
  /** Unix milliseconds. */
  at?: number;
}

export type NodeState = "idle" | "running" | "working" | "waiting" | "error" | "disabled";

export interface NodeStats {
  count?: number;
  errors?: number;
  /** Messages per second. */
  rate?: number;
  p50_ms?: number;
  p95_ms?: number;
  p99_ms?: number;
  in_flight?: number;
  /** Of those under way, how many wait for the node's state. */
  waiting?: number | null;
}

export interface Push {
  state: "pending" | "applied" | "observed" | "failed";
  rev: number;
  problem: Problem | null;
}

/** A node's live entry; in a delta an absent key is unchanged. */
export interface NodeLive {
  state?: NodeState;
  error?: Problem | null;
  /** The component's own live line. */
  value?: string | null;
  control?: JsonObject | null;
  stats?: NodeStats;
  /** Last message of each port, redacted; only of the node under inspection. */
  last?: Record<string, Json>;
  /** How many of the last messages took how long: see `LATENCY_BOUNDS_MS`; only of the node under inspection. */
  latency?: readonly number[];
  at?: number;
  push?: Push;
  /** Its own ports where they differ from its component's; null: they are the component's. */
  ports?: readonly Port[] | null;
}

export interface EdgeLive {
  count?: number;
  rate?: number;
  errors?: number;
  in_flight?: number;
  /** Of those under way, at most so many wait instead of being worked on; absent or null: none. */
  queued?: number | null;
  p50_ms?: number;
  p95_ms?: number;
  error?: Problem | null;
}

/** Node id and port name. */
export type TapPort = readonly [node: string, port: string];

/** A message of a port that somebody listens to. */
export interface TapRow {
  readonly node: string;
  readonly port: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly message: Json;
  readonly host: string;
}

/** Where in its component's code a node's newest failed message failed. */
export interface Stack {
  readonly code: string;
  readonly message: string;
  readonly at: number;
  readonly text: string;
  readonly host: string;
}

export interface LiveFrame {
  full: boolean;
  nodes: Record<string, NodeLive>;
  edges: Record<string, EdgeLive>;
  /** Another number than before: there are new runs to ask for. */
  runs?: number;
  /** What is new of the tabs that look at this too. */
  here?: HereDelta;
}

/** One recorded run in a list; `node` is where it entered, null where that is in another flow. */
export interface RunSummary {
  trace: string;
  node: string | null;
  port: string;
  at: number;
  duration_ms: number | null;
  state: "running" | "ok" | "error";
  error: Problem | null;
  spans: number;
  cut: boolean;
  whole: boolean;
  hosts: string[];
}

/** One message at one node, in milliseconds from the run's beginning. */
export interface RunSpan {
  id: string;
  parent: string | null;
  node: string | null;
  port: string;
  edge: string | null;
  start_ms: number;
  duration_ms: number | null;
  error: Problem | null;
  bytes: number | null;
  /** Without secrets; absent where it is not recorded. */
  message?: Json;
  /** What the wire's mapping was given: absent too where it is the entry's message, or another host's. */
  sent?: { node: string; port: string; message: Json };
  host: string;
}

export interface Run extends Omit<RunSummary, "spans"> {
  spans: RunSpan[];
}

/** By which way live values come from the hosts; the node's status only where there is none. */
export type TelemetryWay = "direct" | "proxy" | "status" | "connecting";

/** How the live values of one module's nodes come. */
export interface ModuleTelemetry {
  readonly module: string;
  readonly way: TelemetryWay;
  /** Hosts that run its nodes, and those of them that we hear. */
  readonly replicas: number;
  readonly linked: number;
  /** The host that leads; empty while none does. */
  readonly leader: string;
  /** Why not all of them, or not directly. */
  readonly reason: string;
}

export interface Telemetry {
  /** The worst of the modules'. */
  readonly telemetry: TelemetryWay;
  /** Why the cluster cannot be reached. */
  readonly reason: string;
  readonly modules: readonly ModuleTelemetry[];
}

export type ServerMessage =
  | {
      t: "hello";
      rev: number;
      comments?: number;
      tests?: number;
      session: string;
      client_id: string;
      can?: Can;
    }
  | ({ t: "change" } & Change)
  | { t: "changes"; changes: Change[] }
  | ({ t: "live" } & LiveFrame)
  | ({ t: "cluster"; state: ClusterState } & Telemetry)
  | { t: "control"; id: string; node: string; state: "done" | "failed"; problem: Problem | null }
  | { t: "catalogue" }
  | { t: "comments"; rev: number }
  | { t: "tests"; rev: number; run: TestsRun | null }
  | { t: "mentions" }
  | { t: "titles"; flow: string; project: string }
  | { t: "rights"; can: Can }
  | { t: "debug"; rows: TapRow[]; lost: number }
  | { t: "pong" };

export type ClientMessage =
  | { t: "visible"; value: boolean }
  | { t: "inspect"; nodes: readonly string[] }
  | { t: "taps"; ports: readonly TapPort[] }
  | ({ t: "presence" } & Said)
  | { t: "ping" };

/** A field that the server (or the browser) found wrong. */
export interface FieldProblem {
  /** JSON pointer into the settings. */
  field: string;
  message: string;
}

export interface SignalState {
  state: "pending" | "done" | "failed";
  problem: Problem | null;
}

export type { Finding, Outcome, Validation, Verdict } from "./verdicts";
