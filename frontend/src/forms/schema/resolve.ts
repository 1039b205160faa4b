/** Takes references, one-member unions and null out of the way, so that a field has one plain schema. */

import { merge } from "./merge";
import { fromPointer } from "./pointer";
import { isObject, type Json, type Resolved, type Schema } from "./types";

/** Steps that one schema may take to be plain; one that takes more leads round in circles, or is made to take forever. */
const MAX_STEPS = 500;

interface Budget {
  left: number;
}

/**
 * The schema of one field. Keywords that stand beside `$ref` win over the ones it points to (Pydantic writes a field's own title
 * and default there). `anyOf [X, null]` becomes X with `nullable`. A reference that leads nowhere gives an empty schema.
 */
export function resolve(schema: Schema | boolean | undefined, root: Schema): Resolved {
  return plain(schema, root, { left: MAX_STEPS });
}

function plain(schema: Schema | boolean | undefined, root: Schema, budget: Budget): Resolved {
  let current: Resolved = isObject(schema) ? schema : {};
  while (budget.left > 0) {
    budget.left -= 1;
    const next = step(current, root, budget);
    if (next === current) return current;
    current = next;
  }
  return {};
}

/** The resolved schema of property `name`, or undefined when nothing is declared for it. */
export function propertySchema(parent: Resolved, name: string | number, root: Schema): Resolved | undefined {
  if (typeof name === "number" || parent.type === "array") {
    const fixed = parent.prefixItems?.[Number(name)];
    if (isObject(fixed)) return resolve(fixed, root);
    return isObject(parent.items) ? resolve(parent.items, root) : undefined;
  }
  const declared =
    parent.properties && Object.hasOwn(parent.properties, name) ? parent.properties[name] : undefined;
  if (declared) return resolve(declared, root);
  return isObject(parent.additionalProperties) ? resolve(parent.additionalProperties, root) : undefined;
}

/** The type left after null: "string", "object", ... or undefined when any is allowed. */
export function typeOf(schema: Resolved): string | undefined {
  if (typeof schema.type === "string") return schema.type;
  if (schema.type?.length === 1) return schema.type[0];
  if (schema.type) return undefined;
  if (schema.properties) return "object";
  if (schema.prefixItems) return "array";
  if (schema.const !== undefined) return jsonType(schema.const);
  if (schema.enum?.length) {
    const types = new Set(schema.enum.map(jsonType));
    return types.size === 1 ? [...types][0] : undefined;
  }
  return undefined;
}

export function jsonType(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function step(schema: Resolved, root: Schema, budget: Budget): Resolved {
  if (schema.$ref !== undefined) {
    const { $ref, ...own } = schema;
    return { ...lookUp($ref, root), ...own };
  }
  // Draft 7 has the places of a list, and what follows them, under other names.
  const listed: unknown = schema.items;
  if (Array.isArray(listed)) {
    const { items: _, additionalItems, ...own } = schema;
    const rest = additionalItems === undefined ? {} : { items: additionalItems };
    return { ...own, prefixItems: listed as Schema[], ...rest };
  }
  if (schema.allOf?.length) {
    const { allOf, ...own } = schema;
    return merge(
      allOf.map((part) => plain(part, root, budget)).reduce((all, part) => merge(all, part), {}),
      own,
    );
  }
  if (Array.isArray(schema.type) && schema.type.includes("null")) {
    const rest = schema.type.filter((name) => name !== "null");
    return { ...schema, type: rest.length === 1 ? rest[0] : rest, nullable: true };
  }
  for (const union of ["anyOf", "oneOf"] as const) {
    const members = schema[union];
    if (!members?.length) continue;
    const kept = members.filter((member) => !isNull(member, root));
    const nullable = kept.length < members.length || schema.nullable;
    const own: Resolved = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== union));
    const only = kept[0];
    if (kept.length === 1 && only) return { ...only, ...own, ...(nullable ? { nullable } : {}) };
    if (kept.length < members.length) return { ...own, [union]: kept, nullable: true };
  }
  return schema;
}

/** Only references are followed: what else may come down to null no form has to know. */
function isNull(schema: Schema | boolean, root: Schema): boolean {
  let current: Schema = isObject(schema) ? schema : {};
  for (let hop = 0; hop < 8 && current.$ref !== undefined; hop += 1) current = lookUp(current.$ref, root);
  return current.type === "null";
}

function lookUp(ref: string, root: Schema): Schema {
  if (!ref.startsWith("#")) return {};
  let current: unknown = root;
  for (const name of fromPointer(ref)) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, name)) return {};
    current = (current as Record<string, unknown>)[name];
  }
  return typeof current === "object" && current !== null ? (current as Schema) : {};
}
