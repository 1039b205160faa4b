import type { FlowEdge, FlowNode, JsonObject, LoadedEdge, LoadedNode, Schemas } from "./types";

/**
 * Stands where the settings of a node or the mapping of a wire would be that this page has not read yet: a flow
 * opens with its structure. There is something to read; what is empty is known to be from the beginning.
 */
export const NOT_LOADED: unique symbol = Symbol("not loaded");
export type NotLoaded = typeof NOT_LOADED;

export function isLoaded(row: FlowNode): row is LoadedNode;
export function isLoaded(row: FlowEdge): row is LoadedEdge;
export function isLoaded(row: FlowNode | FlowEdge): row is LoadedNode | LoadedEdge;
export function isLoaded(row: FlowNode | FlowEdge): boolean {
  return "settings" in row ? row.settings !== NOT_LOADED : row.mapping !== NOT_LOADED;
}

/** The settings as far as they are known: undefined also while they are not loaded. */
export function settingsOf(node: FlowNode | undefined): JsonObject | undefined {
  return node && isLoaded(node) ? node.settings : undefined;
}

/** What people say of its definitions, as far as it is known: undefined also while it is not loaded. */
export function schemasOf(node: FlowNode | undefined): Schemas | undefined {
  return node && isLoaded(node) ? node.schemas : undefined;
}

/** The mapping as far as it is known: undefined also while it is not loaded. */
export function mappingOf(edge: FlowEdge | undefined): JsonObject | undefined {
  return edge && isLoaded(edge) ? edge.mapping : undefined;
}

/** Contents as the server says them; `left` did not fit into the answer. */
export interface ContentsAnswer {
  /** The flow's revision: the contents are at least as new. */
  readonly rev: number;
  readonly nodes: Readonly<Record<string, Pick<LoadedNode, "settings" | "schemas">>>;
  readonly edges: Readonly<Record<string, Pick<LoadedEdge, "mapping">>>;
  readonly left: readonly string[];
}
