/** Which member of a union a value was made for. */

import { matches } from "./matches";
import { equal } from "./pointer";
import { jsonType, resolve, typeOf } from "./resolve";
import { isObject, type Json, type Resolved, type Schema } from "./types";

/** Index of the member that fits best, the first when none does. */
export function chosen(value: Json | undefined, shapes: readonly Resolved[], root: Schema): number {
  let best = 0;
  let highest = -1;
  for (const [index, shape] of shapes.entries()) {
    const score = fit(value, shape, root);
    if (score > highest) [best, highest] = [index, score];
  }
  return best;
}

/** True while `value` may be of the shape, whatever is still missing in it. */
export function fits(value: Json | undefined, shape: Resolved | undefined, root: Schema): boolean {
  return shape !== undefined && fit(value, shape, root) >= 0;
}

/** -1: cannot be; else the more the better. */
function fit(value: Json | undefined, schema: Resolved, root: Schema): number {
  if (value === undefined) return 0;
  if (schema.const !== undefined) return equal(schema.const, value) ? 10 : -1;
  const type = typeOf(schema);
  const actual = jsonType(value);
  if (type && type !== actual && !(type === "number" && actual === "integer")) return -1;
  // One that fits whole comes before one of which only the names agree.
  let score = (type ? 1 : 0) + (matches(value, schema, root) ? 5 : 0);
  if (!isObject(value)) return score;
  for (const [name, declared] of Object.entries(schema.properties ?? {})) {
    const part = resolve(declared, root);
    const held = Object.hasOwn(value, name) ? value[name] : undefined;
    if (part.const !== undefined && held !== undefined) {
      if (!equal(part.const, held)) return -1;
      score += 10;
    } else if (held !== undefined) score += 1;
  }
  return score;
}
