import type { ContentsAnswer } from "./contents";
import type {
  Applied,
  Catalogue,
  Change,
  FieldProblem,
  FlowDocument,
  Json,
  JsonObject,
  Op,
  Run,
  RunSummary,
  SignalState,
  Stack,
  Validation,
} from "./types";

export interface ChangesRequest {
  base_rev: number;
  client_op_id: string;
  ops: Op[];
  pasted?: boolean;
}

export interface UndoRequest {
  change: number;
  client_op_id: string;
  force?: boolean;
  rest?: boolean;
}

export interface FoundTexts {
  /** By node or wire, in the order of the document; `text` is `path: value`, cut where it is long. */
  readonly hits: readonly { readonly id: string; readonly text: string }[];
  /** There are more. */
  readonly cut: boolean;
}

export interface FlowName {
  readonly id: string;
  readonly name: string;
}

/**
 * What the editor needs from the server for one flow. Every call rejects with `Refusal` (the server said no)
 * or `Unreachable` (no usable answer within the call's own time limit).
 */
export interface FlowApi {
  load(): Promise<FlowDocument>;
  change(request: ChangesRequest): Promise<Applied>;
  /** Settings and mappings of these nodes and wires; 500 of both at most. What is gone is left out. */
  contents(nodes: readonly string[], edges: readonly string[]): Promise<ContentsAnswer>;
  /** Fields of settings and mappings that have these words, in upper or lower case. */
  find(words: string): Promise<FoundTexts>;
  changes(after: number): Promise<Change[]>;
  undo(request: UndoRequest): Promise<Applied>;
  catalogue(): Promise<Catalogue>;
  press(node: string, data: JsonObject, key: string): Promise<{ id: string }>;
  signal(id: string): Promise<SignalState>;
  /** Who pressed each button of the node last, by the button's name. */
  presses(node: string): Promise<Record<string, { by: string; at: string }>>;
  validate(node: string, settings: Json): Promise<FieldProblem[]>;
  /**
   * What is to be said about the mappings, with the messages of a scenario: what changed since the token of an earlier
   * answer ("": all).
   */
  validation(since: string, scenario?: string | null): Promise<Validation>;
  /** The flows of this flow's project by name, this one too. */
  siblings(): Promise<FlowName[]>;
  /** The newest recorded runs, and the hosts that did not answer. */
  runs(): Promise<{ runs: RunSummary[]; silent: string[] }>;
  run(trace: string): Promise<Run>;
  /** Where the node's code failed last; refused (403) to those who may not edit, 404 where no host knows. */
  stack(node: string): Promise<Stack>;
}
