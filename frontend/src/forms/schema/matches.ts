/**
 * Does a value fit the plain parts of a schema? Forms ask this while they are drawn, to show the shape a value was made for and the
 * fields its values call for: so it takes no patterns, which may take forever, and what it does not know it lets pass.
 */

import { equal } from "./pointer";
import { jsonType, resolve } from "./resolve";
import { isObject, type Json, type Resolved, type Schema } from "./types";

const MAX_DEPTH = 16;
/** Schemas that are looked at for one answer. */
const MAX_STEPS = 200;

export function matches(value: Json | undefined, schema: Schema | boolean, root: Schema): boolean {
  return holds(value, schema, root, 0, { left: MAX_STEPS });
}

function holds(
  value: Json | undefined,
  schema: Schema | boolean,
  root: Schema,
  depth: number,
  budget: { left: number },
): boolean {
  if (typeof schema === "boolean") return schema;
  budget.left -= 1;
  if (depth > MAX_DEPTH || budget.left < 0 || value === undefined) return true;
  const plain = resolve(schema, root);
  const below = (part: Schema | boolean, inner: Json | undefined = value) =>
    holds(inner, part, root, depth + 1, budget);
  return (
    isOfType(value, plain) &&
    (plain.const === undefined || equal(plain.const, value)) &&
    (!plain.enum || plain.enum.some((one) => equal(one, value))) &&
    isInLimits(value, plain) &&
    (!plain.not || !below(plain.not)) &&
    (!plain.anyOf?.length || plain.anyOf.some((part) => below(part))) &&
    (!plain.oneOf?.length || plain.oneOf.filter((part) => below(part)).length === 1) &&
    (!isObject(value) || fieldsMatch(value, plain, below)) &&
    (!Array.isArray(value) ||
      !isObject(plain.items) ||
      value.every((item) => below(plain.items as Schema, item)))
  );
}

function isOfType(value: Json, { type, nullable }: Resolved): boolean {
  if (value === null && nullable) return true;
  if (!type) return true;
  const actual = jsonType(value);
  return [type].flat().some((name) => name === actual || (name === "number" && actual === "integer"));
}

function isInLimits(value: Json, schema: Resolved): boolean {
  if (typeof value === "number") {
    return (
      value >= (schema.minimum ?? -Infinity) &&
      value <= (schema.maximum ?? Infinity) &&
      value > (schema.exclusiveMinimum ?? -Infinity) &&
      value < (schema.exclusiveMaximum ?? Infinity)
    );
  }
  const [size, least, most] =
    typeof value === "string"
      ? [value.length, schema.minLength, schema.maxLength]
      : Array.isArray(value)
        ? [value.length, schema.minItems, schema.maxItems]
        : [0, undefined, undefined];
  return size >= (least ?? 0) && size <= (most ?? Infinity);
}

function fieldsMatch(
  value: Record<string, Json>,
  schema: Resolved,
  below: (part: Schema, inner: Json | undefined) => boolean,
): boolean {
  return (
    (schema.required ?? []).every((name) => Object.hasOwn(value, name)) &&
    Object.entries(schema.properties ?? {}).every(
      ([name, part]) => !Object.hasOwn(value, name) || below(part, value[name]),
    ) &&
    (schema.additionalProperties !== false ||
      Object.keys(value).every((name) => Object.hasOwn(schema.properties ?? {}, name)))
  );
}
