/** The fields of an object in the order and the tabs in which a person reads them. */

import { resolve } from "./resolve";
import type { Resolved, Schema } from "./types";

export interface Field {
  name: string;
  schema: Resolved;
  label: string;
  required: boolean;
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
