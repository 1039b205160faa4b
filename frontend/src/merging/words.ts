/** Names of what people write into, as they know them. */

import { findComponent } from "../core/catalogue";
import type { Graph } from "../core/graph";
import { isObject } from "../core/json";
import { resolve } from "../core/schema";
import type { Catalogue, FlowNode, Json, Path, Schema } from "../core/types";
import type { Cell } from "./cells";

const NAMES: Readonly<Record<string, string>> = {
  label: "The name",
  comment: "The comment",
  group: "The group",
  place: "The place",
  name: "The name",
  colour: "The colour",
  ports: "The port names",
  text: "The text",
};

/** "Path of Server", "The place of Counter", "name in the mapping from Server to Counter". */
export function wordsOf(cell: Cell, graph: Graph, catalogue: Catalogue): string {
  switch (cell.of) {
    case "settings":
      return `${settingName(cell.path, graph.nodes.get(cell.id), catalogue)} of ${thing(cell.id, graph)}`;
    case "schema":
      return `What is in ${cell.port} of ${thing(cell.id, graph)}`;
    case "mapping":
      return `${cell.path.join(".") || "The whole"} in the mapping ${thing(cell.id, graph)}`;
    case "delivery":
      return `The delivery of the wire ${thing(cell.id, graph)}`;
    default:
      return `${NAMES[cell.name] ?? cell.name} of ${thing(cell.id, graph)}`;
  }
}

/** What a node, wire, group or note is called; of a wire only from where to where it leads. */
export function thing(id: string, graph: Graph): string {
  const node = graph.nodes.get(id);
  if (node) return nodeName(node);
  const edge = graph.edges.get(id);
  if (edge) return `from ${endName(edge.source, graph)} to ${endName(edge.target, graph)}`;
  const group = graph.groups.get(id);
  if (group) return group.name ? `the group ${group.name}` : "a group";
  return "a note";
}

function endName(id: string, graph: Graph): string {
  const node = graph.nodes.get(id);
  return node ? nodeName(node) : "a node that is gone";
}

function nodeName({ label, component }: FlowNode): string {
  return label || component;
}

function settingName(path: Path, node: FlowNode | undefined, catalogue: Catalogue): string {
  const last = String(path.at(-1) ?? "All settings");
  const component = node && findComponent(catalogue, node.module, node.component);
  const root = component?.ports.find(({ name }) => name === "_settings")?.schema;
  const title = root ? titleAt(path, root) : undefined;
  return typeof title === "string" && title ? title : last;
}

function titleAt(path: Path, root: Schema): Json | undefined {
  let schema = resolve(root, root);
  for (const step of path) {
    const properties = schema["properties"];
    const inner =
      typeof step === "number" ? schema["items"] : isObject(properties) ? properties[step] : undefined;
    if (!isObject(inner)) return undefined;
    schema = resolve(inner, root);
  }
  return schema["title"];
}

/** More of a value than this nobody compares in passing. */
const MAX_SHOWN = 200;

export function sayValue(value: Json | undefined): string {
  if (value === undefined) return "not set";
  if (isPlace(value)) return `${String(value["x"])}, ${String(value["y"])}`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return "empty";
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text;
}

function isPlace(value: Json): value is { x: number; y: number } {
  return isObject(value) && typeof value["x"] === "number" && typeof value["y"] === "number";
}
