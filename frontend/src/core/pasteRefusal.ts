import { findComponent } from "./catalogue";
import type { Refusal } from "./errors";
import type { BatchEntry } from "./pending";
import type { AddEdge, AddNode, Catalogue, Op } from "./types";

/** What to do about it, by the server's code; without a line here, the server's own words say it. */
const REMEDIES: Readonly<Record<string, string>> = {
  secret_literal:
    "holds a secret in plain text. Put a reference like [[secret:name/key]] in its place where you copied it, and copy again.",
  settings_too_large: "has larger settings than a node may have. Move large data elsewhere, and copy again.",
  schema_too_large: "says more of its open definitions than a node may. Say less of them, and copy again.",
  mapping_too_large: "has a larger mapping than a wire may have. Make it smaller, and copy again.",
  wrong_direction:
    "begins at an input or ends at an output. Take it out of the copied text, and paste again.",
  unknown_port:
    "leads to settings or controls, which take no wires. Take it out of the copied text, and paste again.",
  not_json: "holds a value that cannot be stored. Mend or remove it where you copied it, and copy again.",
  invalid_operation: "is not written as a flow has it. Copy it again, or mend the copied text.",
  invalid_schema:
    "defines something in a way that cannot be read. Mend it where you copied it, and copy again.",
  node_deleted: "belongs to a node that is gone by now. Paste again.",
  id_taken: "is here already under the same id. Paste once more: it gets another.",
};

/**
 * Why nothing was pasted: which of it is in the way, and what to do, in words of who pastes. `came`: of a large paste a part
 * had been taken before.
 */
export function pasteRefusal(
  { label, ops }: BatchEntry,
  refusal: Refusal,
  catalogue: Catalogue,
  came = false,
): string {
  const { op: index, field } = refusal.details;
  const op = index === undefined ? undefined : ops[index];
  const remedy = REMEDIES[refusal.code];
  const begin = `${label}: ${came ? "only a part was pasted, which Undo takes back." : "nothing was pasted."}`;
  if (!op || remedy === undefined) return `${begin} ${refusal.message}`;
  const place = refusal.code === "secret_literal" || refusal.code === "invalid_operation" ? named(field) : "";
  return `${begin} ${whatOf(op, ops, catalogue)} ${remedy}${place}`;
}

/** The field, as people read it: `/settings/token` is `token`. */
function named(field = ""): string {
  const path = field.split("/").filter((part) => part !== "" && part !== "settings" && part !== "mapping");
  return path.length === 0 ? "" : ` (It is at ${path.join(" › ")}.)`;
}

function whatOf(op: Op, ops: readonly Op[], catalogue: Catalogue): string {
  const node = (id: string): string => {
    const added = ops.find((other): other is AddNode => other.op === "add_node" && other.id === id);
    return added ? nodeName(added, catalogue) : "a node of this flow";
  };
  switch (op.op) {
    case "add_node":
    case "set_schema":
      return upper(node(op.id));
    case "add_edge":
      return wireName(op, node);
    case "add_group":
      return `The group ${quoted(op.name || "Group")}`;
    case "add_note":
      return `The note ${quoted((op.text ?? "").split("\n")[0]?.slice(0, 40) || "without text")}`;
    default:
      return "Something of it";
  }
}

function wireName(
  { source, source_port, target, target_port }: AddEdge,
  node: (id: string) => string,
): string {
  return `The wire from ${node(source)}, ${source_port}, to ${node(target)}, ${target_port},`;
}

function nodeName({ label, module, component }: AddNode, catalogue: Catalogue): string {
  const title = findComponent(catalogue, module, component)?.title ?? component;
  return label && label !== title ? `${quoted(label)} (${title})` : quoted(title);
}

function quoted(text: string): string {
  return `“${text}”`;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
