/** What a form asks for depends on what stands in it: `requiredWhen`, `optionalWhen`, `if`, and fields that call for others. */

import { matches } from "./matches";
import { merge } from "./merge";
import { equal } from "./pointer";
import { resolve } from "./resolve";
import { isObject, type Condition, type Json, type Resolved, type Schema } from "./types";

/** Conditions inside conditions; more than people write. */
const MAX_DEPTH = 8;
const MAX_PARTS = 100;

/** As the server decides it (`weirflow/conditions.py`), with the sibling's default where it is not set. */
export function holds(
  condition: unknown,
  beside: Json | undefined,
  siblings: Record<string, Schema>,
): boolean {
  if (!isCondition(condition)) return false;
  const [other, operator, wanted] = condition;
  const held = isObject(beside) && Object.hasOwn(beside, other) ? beside[other] : undefined;
  const actual = held ?? (Object.hasOwn(siblings, other) ? siblings[other]?.default : undefined) ?? null;
  switch (operator) {
    case "===":
    case "equal":
      return equal(actual, wanted);
    case "in":
      return Array.isArray(wanted) && wanted.some((one) => equal(actual, one));
    case "isUndefined":
      return (actual === null) === (wanted !== false);
  }
}

/** The object's schema with what its value brings into force: `if`/`then`/`else` and `dependent...`. Itself where nothing does. */
export function inForce(
  schema: Resolved,
  value: Json | undefined,
  root: Schema,
  depth = 0,
  budget = { left: MAX_PARTS },
): Resolved {
  const { if: test, then: yes, else: no, dependentSchemas, dependentRequired } = schema;
  if ((!test && !dependentSchemas && !dependentRequired) || depth > MAX_DEPTH) return schema;
  const {
    if: _if,
    then: _then,
    else: _else,
    dependentSchemas: _all,
    dependentRequired: _names,
    ...rest
  } = schema;
  let current: Resolved = rest;
  const add = (part: Schema | boolean | undefined) => {
    budget.left -= 1;
    if (isObject(part) && budget.left >= 0)
      current = merge(current, inForce(resolve(part as Schema, root), value, root, depth + 1, budget));
  };
  if (test !== undefined) add(matches(value ?? {}, test, root) ? yes : no);
  const has = (name: string) => isObject(value) && Object.hasOwn(value, name);
  for (const [name, part] of Object.entries(dependentSchemas ?? {})) if (has(name)) add(part);
  for (const [name, required] of Object.entries(dependentRequired ?? {})) if (has(name)) add({ required });
  return current;
}

/** Nothing stands here: the field is asked for while its condition holds, and out of the way while it does not. */
export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "";
}

function isCondition(condition: unknown): condition is Condition {
  return Array.isArray(condition) && condition.length === 3 && typeof condition[0] === "string";
}
