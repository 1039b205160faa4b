import { isObject } from "./json";
import type { Json, Schema } from "./types";

/** Deeper than any form a person fills in; a schema that refers to itself ends here. */
const MAX_DEPTH = 8;

export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** One field of a message, with `$ref`s followed. */
export interface Field {
  readonly path: readonly string[];
  readonly schema: Schema;
  readonly required: boolean;
}

/** Accepts anything: no schema, `true`, or one without a rule about the value's shape. */
export function isOpen(schema: Json | undefined): boolean {
  if (!isObject(schema)) return true;
  const rules = ["type", "properties", "$ref", "allOf", "anyOf", "oneOf", "enum", "const", "items"];
  return !rules.some((rule) => rule in schema);
}

/** Follows `$ref` into the document's own `$defs`; a reference that leads nowhere accepts anything. */
export function resolve(schema: Json | undefined, root: Schema): Schema {
  let current = isObject(schema) ? schema : {};
  for (let hops = 0; typeof current["$ref"] === "string" && hops < MAX_DEPTH; hops++) {
    const { $ref, ...beside } = current;
    const target = lookUp($ref as string, root);
    if (!target) return beside;
    current = { ...target, ...beside };
  }
  // Pydantic writes a reference with keywords beside it as allOf of one.
  const all = current["allOf"];
  if (Array.isArray(all) && all.length === 1) {
    const { allOf: _, ...beside } = current;
    return { ...resolve(all[0], root), ...beside };
  }
  return current;
}

function lookUp(reference: string, root: Schema): Schema | null {
  if (!reference.startsWith("#")) return null;
  let value: Json | undefined = root;
  for (const part of reference.slice(1).split("/").filter(Boolean)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    value = isObject(value) ? value[key] : undefined;
  }
  return isObject(value) ? value : null;
}

/** The JSON types a schema allows; null when it allows any. */
export function typesOf(schema: Schema, root: Schema, depth = 0): Set<TypeName> | null {
  const resolved = resolve(schema, root);
  const { type } = resolved;
  if (typeof type === "string") return new Set([type as TypeName]);
  if (Array.isArray(type)) return new Set(type as TypeName[]);
  const choices = resolved["anyOf"] ?? resolved["oneOf"];
  if (Array.isArray(choices) && depth < MAX_DEPTH) {
    const all = new Set<TypeName>();
    for (const choice of choices) {
      const types = typesOf(isObject(choice) ? choice : {}, root, depth + 1);
      if (!types) return null;
      for (const name of types) all.add(name);
    }
    return all;
  }
  const literals = Array.isArray(resolved["enum"]) ? resolved["enum"] : undefined;
  if (literals) return new Set(literals.map(typeOfValue));
  if ("const" in resolved) return new Set([typeOfValue(resolved["const"] ?? null)]);
  if ("properties" in resolved) return new Set(["object"]);
  if ("items" in resolved) return new Set(["array"]);
  return null;
}

function typeOfValue(value: Json): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as "boolean" | "string" | "object";
}

/** Whether some value of the one can be a value of the other. */
export function fits(source: Schema, sourceRoot: Schema, target: Schema, targetRoot: Schema): boolean {
  const from = typesOf(source, sourceRoot);
  const to = typesOf(target, targetRoot);
  if (!from || !to) return true;
  for (const name of from) {
    if (to.has(name)) return true;
    if (name === "integer" && to.has("number")) return true;
    // A number may well be whole; the message itself is checked when it comes.
    if (name === "number" && to.has("integer")) return true;
  }
  return false;
}

/** The direct fields of an object's schema, in the order of the document. */
export function fieldsOf(schema: Schema, root: Schema): Field[] {
  const resolved = resolve(schema, root);
  const properties = isObject(resolved["properties"]) ? resolved["properties"] : {};
  const required = Array.isArray(resolved["required"]) ? resolved["required"] : [];
  return Object.entries(properties).map(([name, property]) => ({
    path: [name],
    schema: resolve(property, root),
    required: required.includes(name),
  }));
}

/** All fields below an object, level by level. */
export function deepFields(root: Schema): Field[] {
  const found: Field[] = [];
  let level: Field[] = fieldsOf(root, root);
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    found.push(...level);
    level = level.flatMap((field) =>
      fieldsOf(field.schema, root).map((below) => ({ ...below, path: [...field.path, ...below.path] })),
    );
  }
  return found;
}

/** A schema's types in words: "integer", "string or null", "any". */
export function describeTypes(schema: Schema, root: Schema): string {
  const types = typesOf(schema, root);
  return types ? [...types].join(" or ") : "any value";
}
