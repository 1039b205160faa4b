/** The fields of an object in the order and the tabs in which a person reads them. */

import { holds, isEmpty } from "./conditions";
import { resolve } from "./resolve";
import { isObject, type Json, type Resolved, type Schema } from "./types";

export interface Field {
  name: string;
  schema: Resolved;
  label: string;
  required: boolean;
}

/** Whether a field is asked for, and shown at all, with what stands beside it. */
export interface Standing {
  required: boolean;
  shown: boolean;
}

/**
 * A field with `requiredWhen` is required while that holds; while it does not, and nothing stands in the field, it is out of the way.
 * `optionalWhen` lifts what the schema asks. While `shownWhen` does not hold a field is out of the way, whatever stands in it.
 */
export function standingOf(field: Field, object: Resolved, beside: Json | undefined): Standing {
  const { requiredWhen, optionalWhen, shownWhen } = field.schema;
  const siblings = object.properties ?? {};
  if (shownWhen && !field.required && !holds(shownWhen, beside, siblings))
    return { required: false, shown: false };
  if (requiredWhen) {
    const required = holds(requiredWhen, beside, siblings);
    const held = isObject(beside) && Object.hasOwn(beside, field.name) ? beside[field.name] : undefined;
    return { required: required || field.required, shown: required || field.required || !isEmpty(held) };
  }
  return {
    required: field.required && !(optionalWhen && holds(optionalWhen, beside, siblings)),
    shown: true,
  };
}

export interface Tab {
  /** "" holds the fields that name no tab: they are always shown. */
  title: string;
  fields: Field[];
}

/** Fields sorted by `propertyOrder`; those without one follow in the schema's own order. */
export function fieldsOf(object: Resolved, root: Schema): Field[] {
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {})
    .map(([name, declared]) => fieldOf(name, resolve(declared, root), required.has(name)))
    .map((field, index) => ({ field, order: field.schema.propertyOrder ?? Number.MAX_SAFE_INTEGER, index }))
    .sort((a, b) => a.order - b.order || a.index - b.index)
    .map(({ field }) => field);
}

/**
 * The schema of the entries that an object takes beside its declared fields. Anything where patterns divide them: those are not tried
 * here, for a pattern may take forever.
 */
export function entryOf(object: Resolved, root: Schema): Resolved {
  const kinds = Object.values(object.patternProperties ?? {});
  if (isObject(object.additionalProperties)) kinds.push(object.additionalProperties as Schema);
  return kinds.length === 1 ? resolve(kinds[0], root) : {};
}

export function fieldOf(name: string, schema: Resolved, required = false): Field {
  return { name, schema, label: schema.title ?? humanise(name), required };
}

/** Groups fields by `tab`, tabs in order of their first field, the untabbed group first (present even when empty). */
export function tabsOf(fields: Field[]): Tab[] {
  const tabs = new Map<string, Field[]>([["", []]]);
  for (const field of fields) {
    const title = field.schema.tab ?? "";
    tabs.set(title, [...(tabs.get(title) ?? []), field]);
  }
  return [...tabs].map(([title, members]) => ({ title, fields: members }));
}

/** `max_history` -> `Max history`. */
export function humanise(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
