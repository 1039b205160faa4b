/** The value a field starts with when a person adds it. */

import { alternatives, options } from "./kinds";
import { resolve, typeOf } from "./resolve";
import type { Json, Resolved, Schema } from "./types";

/** Nested required objects deeper than this start empty: a schema may contain itself. */
const MAX_DEPTH = 8;

export function blank(schema: Resolved, root: Schema, depth = 0): Json {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const [first] = options(schema);
  if (first) return first.value;
  const [shape] = alternatives(schema);
  if (shape && depth < MAX_DEPTH) return blank(resolve(shape, root), root, depth + 1);
  switch (typeOf(schema)) {
    case "string":
      return "";
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return blankObject(schema, root, depth);
    default:
      return schema.nullable ? null : {};
  }
}

function blankObject(schema: Resolved, root: Schema, depth: number): Json {
  if (depth >= MAX_DEPTH) return {};
  const declared = Object.entries(schema.properties ?? {}).filter(([name]) =>
    schema.required?.includes(name),
  );
  return Object.fromEntries(
    declared.map(([name, part]) => [name, blank(resolve(part, root), root, depth + 1)]),
  );
}
