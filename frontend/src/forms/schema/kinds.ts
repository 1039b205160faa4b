/** What a schema asks for, in the words that renderers, forms and control panels share. Pure. */

import { typeOf } from "./resolve";
import { isObject, type Resolved, type Schema } from "./types";

export interface Option {
  value: NonNullable<Resolved["const"]> | null;
  title: string;
}

/** The values to choose from, with their labels: `enum` (with `enumTitles`) or a union made only of constants. */
export function options(schema: Resolved): Option[] {
  if (schema.enum?.length) {
    return schema.enum.map((value, index) => ({ value, title: schema.enumTitles?.[index] ?? label(value) }));
  }
  const members = schema.oneOf ?? schema.anyOf ?? [];
  if (!members.length || members.some((member) => member.const === undefined)) return [];
  return members.map((member) => ({
    value: member.const ?? null,
    title: member.title ?? label(member.const ?? null),
  }));
}

/** The members of a union between which the person chooses the shape. */
export function alternatives(schema: Resolved): Schema[] {
  return schema.oneOf ?? schema.anyOf ?? [];
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

/** A press, not a value. */
export function isButton(schema: Resolved): boolean {
  return schema.format === "button";
}

/** An object whose fields are named. */
export function hasFields(schema: Resolved): boolean {
  return typeOf(schema) === "object" && Object.keys(schema.properties ?? {}).length > 0;
}

/** Names that people choose, each with a value of one kind. */
export function isMap(schema: Resolved): boolean {
  return typeOf(schema) === "object" && !hasFields(schema) && isObject(schema.additionalProperties);
}

/** Items of one kind. */
export function isList(schema: Resolved): boolean {
  return typeOf(schema) === "array" && isObject(schema.items);
}

/** Says nothing of the value's type: whatever JSON there is may stand here. */
export function isAny(schema: Resolved): boolean {
  return typeOf(schema) === undefined && !options(schema).length && alternatives(schema).length < 2;
}

function label(value: Option["value"]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
