/** What two people can write into without meaning the same: down to the single field. */

import { mappingOf, schemasOf, settingsOf } from "../core/contents";
import type { Graph } from "../core/graph";
import { getAt, isObject, setAt } from "../core/json";
import type { Json, Op, Path } from "../core/types";
import { equal, toPointer } from "../forms/schema/pointer";

/** `place` is where something stands, and how large it is: nobody thinks of x and y apart. */
export type Cell =
  | { readonly of: "node"; readonly id: string; readonly name: "label" | "comment" | "group" | "place" }
  | { readonly of: "settings" | "mapping"; readonly id: string; readonly path: Path }
  | { readonly of: "schema"; readonly id: string; readonly port: string; readonly definition: string }
  | { readonly of: "delivery"; readonly id: string }
  | { readonly of: "group" | "note"; readonly id: string; readonly name: string };

/** Stands for a value that is not known here, or of something that is gone. */
export const UNKNOWN: unique symbol = Symbol("unknown");
export type Found = Json | undefined | typeof UNKNOWN;

const NODE_PLACE = ["x", "y"] as const;
const FRAME_PLACE = ["x", "y", "width", "height"] as const;
/** Whether a group is folded is looked at, not said. */
const UNSAID = new Set(["collapsed"]);

/** Of a form's field it is what the form and its path are called: `settings:<node>/a/b`. */
export function keyOf(cell: Cell): string {
  switch (cell.of) {
    case "settings":
    case "mapping":
      return `${cell.of}:${cell.id}${toPointer(cell.path)}`;
    case "schema":
      return `schema:${cell.id}${toPointer([cell.port, cell.definition])}`;
    case "delivery":
      return `delivery:${cell.id}`;
    default:
      return `${cell.of}:${cell.id}/${cell.name}`;
  }
}

/** Whether writing one writes into the other too. */
export function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** What an operation writes into; a mapping travels whole, and only what differs in it was written. */
export function cellsOf(op: Op, before: Graph, after: Graph): Cell[] {
  const { id } = op;
  switch (op.op) {
    case "set_node":
      return namesOf(op.fields, NODE_PLACE).map(
        (name) => ({ of: "node", id, name: name as "label" }) satisfies Cell,
      );
    case "set_setting":
      return [{ of: "settings", id, path: op.path }];
    case "set_schema":
      return [{ of: "schema", id, port: op.port, definition: op.definition }];
    case "set_mapping": {
      const [was, is] = [before, after].map((graph) => mappingOf(graph.edges.get(id)));
      return differing(was ?? {}, is ?? op.mapping).map((path) => ({ of: "mapping", id, path }));
    }
    case "set_delivery":
      return [{ of: "delivery", id }];
    case "set_group":
    case "set_note": {
      const of = op.op === "set_group" ? "group" : "note";
      return namesOf(op.fields, FRAME_PLACE).map((name) => ({ of, id, name }));
    }
    default:
      return [];
  }
}

function namesOf(fields: object, place: readonly string[]): string[] {
  const names = Object.keys(fields).filter((name) => !UNSAID.has(name));
  const said = names.filter((name) => !place.includes(name));
  return said.length < names.length ? [...said, "place"] : said;
}

/** The smallest fields in which two documents differ. */
function differing(was: Json | undefined, is: Json | undefined, path: Path = []): Path[] {
  if (equal(was, is)) return [];
  if (!isObject(was) || !isObject(is)) return [path];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
    differing(own(was, key), own(is, key), [...path, key]),
  );
}

function own(value: { [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

export function valueOf(graph: Graph, cell: Cell): Found {
  switch (cell.of) {
    case "settings": {
      const settings = settingsOf(graph.nodes.get(cell.id));
      return settings ? getAt(settings, cell.path) : UNKNOWN;
    }
    case "mapping": {
      const mapping = mappingOf(graph.edges.get(cell.id));
      return mapping ? getAt(mapping, cell.path) : UNKNOWN;
    }
    case "schema": {
      const node = graph.nodes.get(cell.id);
      if (!settingsOf(node)) return UNKNOWN;
      return schemasOf(node)?.[cell.port]?.[cell.definition];
    }
    case "delivery": {
      const edge = graph.edges.get(cell.id);
      if (!edge) return UNKNOWN;
      return { timeout_ms: edge.timeout_ms ?? null, retry_policy: (edge.retry_policy ?? null) as Json };
    }
    case "node":
      return read(graph.nodes.get(cell.id), cell.name, NODE_PLACE);
    case "group":
      return read(graph.groups.get(cell.id), cell.name, FRAME_PLACE);
    case "note":
      return read(graph.notes.get(cell.id), cell.name, FRAME_PLACE);
  }
}

function read(row: object | undefined, name: string, place: readonly string[]): Found {
  if (!row) return UNKNOWN;
  const fields = row as { [name: string]: Json };
  return name === "place" ? Object.fromEntries(place.map((one) => [one, fields[one] ?? null])) : fields[name];
}

/** What puts the value there again; null where there is nothing any more that could have it. */
export function restoring(graph: Graph, cell: Cell, value: Json | undefined): Op | null {
  const { id } = cell;
  if (valueOf(graph, cell) === UNKNOWN) return null;
  switch (cell.of) {
    case "settings":
      return { op: "set_setting", id, path: [...cell.path], ...(value === undefined ? {} : { value }) };
    case "mapping": {
      const mapping = setAt(mappingOf(graph.edges.get(id)) ?? {}, cell.path, value);
      return isObject(mapping) ? { op: "set_mapping", id, mapping } : null;
    }
    case "schema": {
      const { port, definition } = cell;
      return { op: "set_schema", id, port, definition, ...(isObject(value) ? { schema: value } : {}) };
    }
    case "delivery":
      return isObject(value) ? ({ op: "set_delivery", id, ...value } as unknown as Op) : null;
    default: {
      if (cell.name === "group" && typeof value === "string" && !graph.groups.has(value)) return null;
      const fields = cell.name === "place" ? value : { [cell.name]: value };
      return { op: `set_${cell.of}`, id, fields } as Op;
    }
  }
}
