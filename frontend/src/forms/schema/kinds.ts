/** What a schema asks for, in the words that renderers, forms and control panels share. Pure. */

import { merge } from "./merge";
import { jsonType, resolve, typeOf } from "./resolve";
import { isObject, type Json, type Resolved, type Schema } from "./types";

export interface Option {
  value: NonNullable<Resolved["const"]> | null;
  title: string;
}

/** The values to choose from, with their labels: `enum` (with `enumTitles`) or a union made only of constants. */
export function options(schema: Resolved): Option[] {
  if (schema.enum?.length) {
    return schema.enum.map((value, index) => ({ value, title: schema.enumTitles?.[index] ?? label(value) }));
  }
  const members = alternatives(schema);
  if (!members.length || members.some((member) => member.const === undefined)) return [];
  return members.map((member) => ({
    value: member.const ?? null,
    title: member.title ?? label(member.const ?? null),
  }));
}

/** As `options`, and yes and no where a switch would not do: it is asked for, or there is "not set" beside them. */
export function choicesOf(schema: Resolved): Option[] {
  const given = options(schema);
  if (given.length || typeOf(schema) !== "boolean") return given;
  if (!schema.nullable && schema.format !== "select" && schema.format !== "radiobox") return [];
  return [true, false].map((value, index) => ({
    value,
    title: schema.enumTitles?.[index] ?? (value ? "Yes" : "No"),
  }));
}

/** The members of a union between which the person chooses the shape. */
export function alternatives(schema: Resolved): Schema[] {
  return (schema.oneOf ?? schema.anyOf ?? []).map((member) => (isObject(member) ? member : {}));
}

/** What describes a schema and not its values: of a union as a whole, not of each shape. */
const WORDS = new Set([
  ...["$defs", "anyOf", "oneOf", "discriminator", "title", "description", "default", "examples"],
  ...["tab", "align", "colSpan", "className", "propertyOrder", "nullable"],
  ...["requiredWhen", "optionalWhen", "shownWhen"],
  ...["readonly", "readOnly", "configurable", "shared", "x-id"],
]);

/** The shapes of a union, each with what the union asks of all of them. */
export function shapesOf(union: Resolved, root: Schema): Resolved[] {
  const base: Resolved = Object.fromEntries(Object.entries(union).filter(([word]) => !WORDS.has(word)));
  return alternatives(union).map((member) => merge(base, resolve(member, root)));
}

export function isReadonly(schema: Resolved): boolean {
  return schema.readonly === true || schema.readOnly === true;
}

export function isSecret(schema: Resolved): boolean {
  return (
    typeOf(schema) === "string" &&
    (schema.secret === true || schema.writeOnly === true || schema.format === "password")
  );
}

/**
 * A value of another type than the control could show: a text where fields should be. A secret is never shown for what it is, and
 * controls with a list of values say themselves what is not in it.
 */
export function isMisfit(value: Json | undefined, schema: Resolved): boolean {
  const type = typeOf(schema);
  if (value === undefined || value === null || type === undefined || isSecret(schema)) return false;
  if (choicesOf(schema).length || schema.const !== undefined || alternatives(schema).length > 1) return false;
  const actual = jsonType(value);
  return (
    actual !== type &&
    !(type === "number" && actual === "integer") &&
    !(type === "integer" && actual === "number")
  );
}

/** A press, not a value. */
export function isButton(schema: Resolved): boolean {
  return schema.format === "button";
}

/** An object whose fields are named. */
export function hasFields(schema: Resolved): boolean {
  return typeOf(schema) === "object" && Object.keys(schema.properties ?? {}).length > 0;
}

/** Names that people choose, each with a value. */
export function isMap(schema: Resolved): boolean {
  return typeOf(schema) === "object" && !hasFields(schema) && takesMore(schema);
}

/** Items in order. */
export function isList(schema: Resolved): boolean {
  return typeOf(schema) === "array" && !schema.prefixItems;
}

/** Names beside the declared ones may stand in the object. */
export function takesMore(schema: Resolved): boolean {
  return schema.additionalProperties !== false || schema.patternProperties !== undefined;
}

/** Says nothing of the value's type: whatever JSON there is may stand here. */
export function isAny(schema: Resolved): boolean {
  return typeOf(schema) === undefined && !options(schema).length && alternatives(schema).length < 2;
}

function label(value: Option["value"]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
