/** What a message's schema says about the paths into it. */

import { jsonType, propertySchema, resolve, typeOf } from "../schema/resolve";
import { humanise } from "../schema/fields";
import { isObject, type Resolved, type Schema } from "../schema/types";

export interface SourceField {
  /** JSONPath, `$.items[0].name`. */
  path: string;
  label: string;
  type: string;
}

/** A schema may contain itself, and nobody scrolls through more. */
const MAX_DEPTH = 4;
const MAX_FIELDS = 200;

/** Every path into the message that its schema declares, parents before their fields; `$` first. */
export function sourceFields(source: Resolved, root: Schema): SourceField[] {
  const found: SourceField[] = [{ path: "$", label: "The whole message", type: typeOf(source) ?? "any" }];
  const walk = (schema: Resolved, path: string, depth: number) => {
    if (depth > MAX_DEPTH) return;
    for (const [name, declared] of Object.entries(schema.properties ?? {})) {
      if (found.length >= MAX_FIELDS) return;
      const part = resolve(declared, root);
      const below = path + pathStep(name);
      found.push({ path: below, label: part.title ?? humanise(name), type: typeOf(part) ?? "any" });
      walk(part, below, depth + 1);
      if (isObject(part.items)) walk(resolve(part.items, root), `${below}[0]`, depth + 1);
    }
  };
  walk(source, "$", 1);
  return found;
}

export type Found = { schema: Resolved } | "unknown" | "open";

/**
 * What stands at a JSONPath: its schema, "unknown" when the schema rules it out, "open" when the schema leaves it open or the
 * path is more than steps of names and indexes (wildcards, filters, operators).
 */
export function lookUp(path: string, source: Resolved, root: Schema): Found {
  const steps = stepsOf(path);
  if (!steps) return "open";
  let current: Resolved = source;
  for (const step of steps) {
    const next = propertySchema(current, step, root);
    if (next) current = next;
    else if (typeof step === "string" && isClosed(current)) return "unknown";
    else return "open";
  }
  return { schema: current };
}

/** True when a value of `from` may stand where `to` is asked for; what is not declared fits. */
export function fits(from: Resolved, to: Resolved): boolean {
  const given = typeOf(from);
  const asked = typeOf(to);
  if (!given || !asked || given === asked) return true;
  // A number may well be whole; the message itself is checked when it comes.
  return (asked === "number" && given === "integer") || (asked === "integer" && given === "number");
}

/** `$.a["b c"][0]` -> ["a", "b c", 0]; undefined for anything richer. */
export function stepsOf(path: string): (string | number)[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const steps: (string | number)[] = [];
  const pattern = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[(?:"([^"]*)"|'([^']*)')\]/y;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match) return undefined;
    const [, name, index, double, single] = match;
    steps.push(index === undefined ? (name ?? double ?? single ?? "") : Number(index));
  }
  return steps;
}

/** The step to a field, quoted where its name needs it. */
export function pathStep(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Declares fields and says nothing of others: then a name that is not among them is most likely a slip. */
function isClosed(schema: Resolved): boolean {
  if (isObject(schema.additionalProperties) || schema.additionalProperties === true) return false;
  if (schema.const !== undefined) return jsonType(schema.const) !== "object";
  const type = typeOf(schema);
  return (
    Object.keys(schema.properties ?? {}).length > 0 ||
    (type !== undefined && type !== "object" && type !== "array")
  );
}
