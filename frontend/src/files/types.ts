/** How much of everything a flow of a file has. */
export interface PlannedFlow {
  readonly name: string;
  readonly nodes: number;
  readonly wires: number;
  readonly groups: number;
  readonly notes: number;
  readonly scenarios: number;
  readonly tests: number;
}

export interface NeededSecret {
  readonly name: string;
  readonly key: string;
  /** The project has one of that name. */
  readonly known: boolean;
}

/** What importing a file would do: docs/protocols.md section 4. */
export interface Plan {
  readonly kind: "flow" | "project";
  readonly origin: "weirflow" | "node-red";
  readonly name: string;
  readonly description: string;
  readonly flows: readonly PlannedFlow[];
  readonly secrets: readonly NeededSecret[];
  readonly unknown: readonly {
    readonly module: string;
    readonly component: string;
    readonly nodes: number;
  }[];
  /** Nodes of a foreign file that have a counterpart, and what of it has none. */
  readonly mapped: number;
  /** Of the mapped ones those that do not quite what they did. */
  readonly adapted: number;
  readonly placeholders: number;
  readonly notes: readonly PlanNote[];
  readonly notes_count: number;
}

/** What of a foreign file is not as it was. */
export interface PlanNote {
  readonly where: string;
  readonly message: string;
  readonly kind: "adapted" | "placeholder" | "left_out";
}

/** One of the things that are wrong with a file; line 0: it is not known. */
export interface Fault {
  readonly line: number;
  readonly path: string;
  readonly message: string;
}

/** A flow to start from; wires lead from one node to another, by their places. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly howto: boolean;
  readonly components: readonly string[];
  readonly secrets: readonly string[];
  readonly nodes: readonly { readonly x: number; readonly y: number; readonly title: string }[];
  readonly wires: readonly (readonly [number, number])[];
}

export interface FilesApi {
  plan(text: string): Promise<Plan>;
  /** Answers the revision of the newest change that brought it in. */
  bringIn(text: string, opId: string, at: { x: number; y: number } | null): Promise<{ rev: number }>;
  addSecret(name: string, key: string, value: string): Promise<unknown>;
  templates(): Promise<readonly Template[]>;
  template(id: string): Promise<string>;
  /** The flow's file. */
  text(): Promise<string>;
  readonly download: string;
}
