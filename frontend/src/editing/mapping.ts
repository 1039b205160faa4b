import { isOpen, fieldsOf } from "../core/schema";
import type { Json, JsonObject, Schema } from "../core/types";
import { defaultMapping } from "../core/connect";
import { lookUp } from "../forms/expressions/sources";
import { expressionPlaces, expressionsOf } from "../forms/expressions/text";
import { resolve } from "../forms/schema/resolve";
import { asSchema } from "../forms/schema/types";

export interface Carried {
  readonly mapping: JsonObject;
  /** Names of the fields that were mapped before and cannot be any more. */
  readonly dropped: readonly string[];
}

/**
 * A mapping on its way to another wire: what the new source can send and the new target takes is kept, fields
 * of equal name are mapped anew, and the rest is named. What a schema leaves open is kept: only messages tell.
 */
export function carryMapping(mapping: JsonObject, from: Schema | null, to: Schema | null): Carried {
  const kept: [string, Json][] = [];
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(mapping)) {
    if (takes(to, name) && sends(from, value)) kept.push([name, value]);
    else dropped.push(name);
  }
  const fresh = dropped.length > 0 || kept.length === 0 ? defaultMapping(from, to) : {};
  const carried = { ...fresh, ...Object.fromEntries(kept) };
  return { mapping: carried, dropped: dropped.filter((name) => !Object.hasOwn(carried, name)) };
}

/** Whether the target has a field of that name, or does not say which it has. */
function takes(to: Schema | null, name: string): boolean {
  if (!to || isOpen(to)) return true;
  const fields = fieldsOf(to, to);
  return fields.length === 0 || fields.some(({ path }) => path[0] === name);
}

/** Whether every path into the message may lead somewhere; literals always do. */
function sends(from: Schema | null, value: Json): boolean {
  if (!from || isOpen(from)) return true;
  const root = asSchema(from);
  const message = resolve(root, root);
  const expressions = expressionPlaces(value).flatMap(({ text }) => expressionsOf(text));
  return expressions.every((expression) => lookUp(expression, message, root) !== "unknown");
}

/** "amount and total": what a notice says of fields. */
export function named(fields: readonly string[]): string {
  const shown = fields.length > 3 ? [...fields.slice(0, 2), `${String(fields.length - 2)} more`] : fields;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}
