/** Which member of a union a value was made for. */

import { alternatives } from "./kinds";
import { jsonType, resolve, typeOf } from "./resolve";
import { isObject, type Json, type Resolved, type Schema } from "./types";

/** Index of the member that fits best, the first when none does. */
export function chosen(value: Json | undefined, union: Resolved, root: Schema): number {
  let best = 0;
  let highest = -1;
  for (const [index, member] of alternatives(union).entries()) {
    const score = fit(value, resolve(member, root));
    if (score > highest) [best, highest] = [index, score];
  }
  return best;
}

/** -1: cannot be; else the more the better. */
function fit(value: Json | undefined, schema: Resolved): number {
  if (value === undefined) return 0;
  if (schema.const !== undefined) return schema.const === value ? 10 : -1;
  const type = typeOf(schema);
  const actual = jsonType(value);
  if (type && type !== actual && !(type === "number" && actual === "integer")) return -1;
  if (!isObject(value)) return type ? 1 : 0;
  let score = type ? 1 : 0;
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const held = Object.hasOwn(value, name) ? value[name] : undefined;
    if (part.const !== undefined && held !== undefined) {
      if (part.const !== held) return -1;
      score += 10;
    } else if (held !== undefined) score += 1;
  }
  return score;
}
