/** The value a field starts with when a person adds it. */

import { options, shapesOf } from "./kinds";
import { resolve, typeOf } from "./resolve";
import type { Json, Resolved, Schema } from "./types";

/** Nested required objects deeper than this start empty: a schema may contain itself. */
const MAX_DEPTH = 8;
/** Values that are made at once; a schema may ask for millions. */
const MAX_MADE = 2_000;

export function blank(schema: Resolved, root: Schema, depth = 0, budget = { left: MAX_MADE }): Json {
  budget.left -= 1;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const [first] = options(schema);
  if (first) return first.value;
  const [shape] = shapesOf(schema, root);
  if (shape && depth < MAX_DEPTH) return blank(shape, root, depth + 1, budget);
  switch (typeOf(schema)) {
    case "string":
      return "";
    case "integer":
    case "number":
      return schema.minimum ?? Math.min(0, schema.maximum ?? 0);
    case "boolean":
      return false;
    case "array":
      return (schema.prefixItems ?? [])
        .slice(0, schema.minItems ?? 0)
        .map((part) => blank(resolve(part, root), root, depth + 1, budget));
    case "object":
      return blankObject(schema, root, depth, budget);
    default:
      return schema.nullable ? null : {};
  }
}

function blankObject(schema: Resolved, root: Schema, depth: number, budget: { left: number }): Json {
  if (depth >= MAX_DEPTH || budget.left < 0) return {};
  // What tells shapes apart is there from the start, whether it is asked for or not.
  const declared = Object.entries(schema.properties ?? {}).filter(
    ([name, part]) => schema.required?.includes(name) || resolve(part, root).const !== undefined,
  );
  return Object.fromEntries(
    declared.map(([name, part]) => [name, blank(resolve(part, root), root, depth + 1, budget)]),
  );
}
