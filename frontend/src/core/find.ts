import { isLoaded } from "./contents";
import { isObject } from "./json";
import type { FlowEdge, FlowNode, FlowNote, Json } from "./types";

/** Where something was found, in the order in which it is shown. */
export const PLACES = ["Names", "Comments", "Components", "Settings", "Expressions"] as const;
export type Place = (typeof PLACES)[number];

export interface Hit {
  /** The node, wire or note. */
  readonly id: string;
  readonly place: Place;
  /** What it is called. */
  readonly name: string;
  /** The text that has it, with its field before it where it is one. */
  readonly text: string;
}

/** Settings as deep as a form shows them. */
const MAX_DEPTH = 8;

/**
 * `query` in lower case; empty finds nothing. `title` is the component's as the palette shows it. `told` is what
 * the server found in settings, for those that are not loaded.
 */
export function findInNode(
  node: FlowNode,
  title: string,
  query: string,
  told: readonly string[] = [],
): Hit[] {
  const name = node.label || title;
  const hits: Hit[] = [];
  const look = (place: Place, text: string): void => {
    if (has(text, query)) hits.push({ id: node.id, place, name, text });
  };
  look("Names", name);
  look("Comments", node.comment);
  look("Components", title === node.component ? title : `${title} (${node.component})`);
  for (const text of isLoaded(node) ? leaves(node.settings) : told) look("Settings", text);
  return hits;
}

export function findInEdge(edge: FlowEdge, name: string, query: string, told: readonly string[] = []): Hit[] {
  const found = (isLoaded(edge) ? leaves(edge.mapping) : told).filter((text) => has(text, query));
  return found.map((text) => ({ id: edge.id, place: "Expressions", name, text }));
}

export function findInNote({ id, text }: FlowNote, query: string): Hit[] {
  const line = text.split("\n").find((one) => has(one, query));
  return line === undefined ? [] : [{ id, place: "Comments", name: "Note", text: line.trim() }];
}

function has(text: string, query: string): boolean {
  return query !== "" && text.toLowerCase().includes(query);
}

/** Every value below an object, as `path: value`. */
function leaves(value: Json, path: readonly string[] = [], depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path, depth + 1));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key], depth + 1));
  }
  return value === null || value === "" ? [] : [`${path.join(".")}: ${String(value)}`];
}
