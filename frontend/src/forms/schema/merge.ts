/** Two schemas that both count, as one: what `allOf`, shapes beside a base, and conditions come down to. */

import { isObject, type Json, type Schema } from "./types";

/** The stricter of two limits. */
const LARGER = new Set(["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"]);
const SMALLER = new Set(["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"]);
/** Deeper than people nest fields. */
const MAX_DEPTH = 32;

/** What both ask for; of what a form says only once (titles, formats), the word of `over`. */
export function merge<T extends Schema>(under: T, over: T, depth = 0): T {
  if (depth > MAX_DEPTH) return over;
  const merged = { ...under } as Record<string, unknown>;
  for (const [keyword, value] of Object.entries(over)) {
    const before = Object.hasOwn(under, keyword) ? (under as Record<string, unknown>)[keyword] : undefined;
    define(merged, keyword, before === undefined ? value : join(keyword, before, value, depth));
  }
  return merged as T;
}

function join(keyword: string, before: unknown, value: unknown, depth: number): unknown {
  if (LARGER.has(keyword)) return Math.max(Number(before), Number(value));
  if (SMALLER.has(keyword)) return Math.min(Number(before), Number(value));
  if (keyword === "required" && Array.isArray(before) && Array.isArray(value)) {
    return [...new Set([...(before as string[]), ...(value as string[])])];
  }
  if (keyword === "properties" && isObject(before) && isObject(value)) {
    return joinFields(before, value, depth);
  }
  if ((keyword === "items" || keyword === "additionalProperties") && isObject(before) && isObject(value)) {
    return merge(before as Schema, value as Schema, depth + 1);
  }
  if (keyword === "enum" && Array.isArray(before) && Array.isArray(value)) {
    const allowed = new Set(value.map((one) => JSON.stringify(one)));
    return (before as Json[]).filter((one) => allowed.has(JSON.stringify(one)));
  }
  return value;
}

function joinFields(before: object, value: object, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...before };
  for (const [name, part] of Object.entries(value) as [string, Schema][]) {
    const old = Object.hasOwn(before, name) ? fields[name] : undefined;
    define(fields, name, isObject(old) && isObject(part) ? merge(old as Schema, part, depth + 1) : part);
  }
  return fields;
}

/** `__proto__` is an ordinary name in a schema, never the object's prototype. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
