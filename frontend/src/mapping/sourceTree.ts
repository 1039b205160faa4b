/** The source's message as a tree: what its schema declares, and what a message holds. */

import { pathStep } from "../forms/expressions/sources";
import { propertySchema, resolve, typeOf, jsonType } from "../forms/schema/resolve";
import { isObject, type Json, type Resolved, type Schema } from "../forms/schema/types";

export interface SourceNode {
  /** JSONPath, by which an expression finds it. */
  path: string;
  name: string;
  /** Type in the schema's word; "any" where nobody says. */
  type: string;
  schema: Resolved;
  /** Undefined where the message at hand has nothing here. */
  value: Json | undefined;
  /** Whether the schema knows of it. */
  declared: boolean;
  depth: number;
  hasChildren: boolean;
}

/** Items of a list that are shown one by one. */
const MAX_ITEMS = 3;
const MAX_CHILDREN = 200;
export const MAX_ROWS = 1_000;
/** Levels in which a search looks. */
const MAX_SEARCH_DEPTH = 6;

/** The whole message. */
export function rootNode(root: Schema, message: Json | undefined): SourceNode {
  return nodeOf({
    path: "$",
    name: "message",
    schema: resolve(root, root),
    value: message,
    declared: true,
    depth: 0,
  });
}

/** Fields of an object, declared ones first; the first items of a list. */
export function childrenOf(node: SourceNode, root: Schema): SourceNode[] {
  const { schema, value, path, depth } = node;
  if (isList(node)) {
    const count = Array.isArray(value) ? Math.min(value.length, MAX_ITEMS) : 1;
    const items = isObject(schema.items) ? resolve(schema.items, root) : {};
    return Array.from({ length: count }, (_, index) =>
      nodeOf({
        path: `${path}[${String(index)}]`,
        name: `[${String(index)}]`,
        schema: items,
        value: Array.isArray(value) ? value[index] : undefined,
        declared: isObject(schema.items),
        depth: depth + 1,
      }),
    );
  }
  const declared = Object.keys(schema.properties ?? {});
  const held = isObject(value) ? Object.keys(value) : [];
  const names = [...new Set([...declared, ...held])].slice(0, MAX_CHILDREN);
  return names.map((name) =>
    nodeOf({
      path: path + pathStep(name),
      name,
      schema: propertySchema(schema, name, root) ?? {},
      value: isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
      declared: propertySchema(schema, name, root) !== undefined,
      depth: depth + 1,
    }),
  );
}

/** The rows that are in view when these paths are open, from the top. */
export function rowsOf(top: SourceNode, root: Schema, open: ReadonlySet<string>): SourceNode[] {
  const rows: SourceNode[] = [];
  const walk = (node: SourceNode): void => {
    if (rows.length >= MAX_ROWS) return;
    rows.push(node);
    if (node.hasChildren && open.has(node.path)) for (const child of childrenOf(node, root)) walk(child);
  };
  walk(top);
  return rows;
}

/** All whose path has these letters in it, in the order of the tree. */
export function searched(top: SourceNode, root: Schema, letters: string): SourceNode[] {
  const wanted = letters.trim().toLowerCase();
  const found: SourceNode[] = [];
  let left = 2 * MAX_ROWS;
  const walk = (node: SourceNode): void => {
    left -= 1;
    if (left < 0) return;
    const title = node.schema.title ?? "";
    if (node.name.toLowerCase().includes(wanted) || title.toLowerCase().includes(wanted)) found.push(node);
    if (node.depth < MAX_SEARCH_DEPTH) for (const child of childrenOf(node, root)) walk(child);
  };
  for (const child of childrenOf(top, root)) walk(child);
  return found;
}

/** A value in one short line. */
export function shortly(value: Json | undefined): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${String(value.length)} items`;
  if (isObject(value)) return "";
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : String(value);
  return typeof value === "string" && value.length > 80 ? `${text.slice(0, -1)}…"` : text;
}

function nodeOf(given: Omit<SourceNode, "type" | "hasChildren">): SourceNode {
  const { schema, value } = given;
  const type = typeOf(schema) ?? (value === undefined || value === null ? "any" : jsonType(value));
  const list = type === "array" || Array.isArray(value);
  const items = isObject(schema.items) || (Array.isArray(value) && value.length > 0);
  const fields =
    Object.keys(schema.properties ?? {}).length > 0 || (isObject(value) && Object.keys(value).length > 0);
  return { ...given, type, hasChildren: list ? items : fields };
}

function isList({ type, value }: SourceNode): boolean {
  return Array.isArray(value) || (type === "array" && !isObject(value));
}
