/** Places of a mapping's form: from what stands under the pointer to a path, and what is written there. */

import { isExpression, pureExpression } from "../forms/expressions/text";
import { schemaFor } from "../forms/schema/lift";
import { fromPointer, getAt } from "../forms/schema/pointer";
import {
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Resolved,
  type Schema,
} from "../forms/schema/types";

/** The path of a field by its pointer: indexes where the mapping has a list. */
export function pathOf(pointer: string, mapping: JsonObject): Path {
  const path: (string | number)[] = [];
  for (const step of fromPointer(pointer)) {
    path.push(Array.isArray(getAt(mapping, path)) && /^\d+$/.test(step) ? Number(step) : step);
  }
  return path;
}

/** Where an expression that is let go on a field is written: on a map it becomes a new entry, named after its source. */
export function placeFor(at: Path, from: string, mapping: JsonObject, schema: Schema): Path {
  const target = schemaFor(at, schema);
  if (!isMap(target) && at.length > 0) return at;
  const held = getAt(mapping, at);
  const taken = isObject(held) ? held : {};
  const wanted = lastName(from);
  let name = wanted;
  for (let count = 2; Object.hasOwn(taken, name); count += 1) name = `${wanted}_${String(count)}`;
  return [...at, name];
}

/** What the field holds then: a text that holds expressions already gets one more, all else is replaced. */
export function written(from: string, held: Json | undefined): string {
  const expression = `{{ ${from} }}`;
  const isMixed = isExpression(held) && pureExpression(held) === undefined;
  return isMixed ? `${held.trimEnd()} ${expression}` : expression;
}

function isMap(schema: Resolved | undefined): boolean {
  return (
    schema !== undefined &&
    isObject(schema.additionalProperties) &&
    Object.keys(schema.properties ?? {}).length === 0
  );
}

/** `$.user["full name"]` -> `full name`. */
function lastName(path: string): string {
  const quoted = /\["((?:[^"\\]|\\.)*)"\]$/.exec(path)?.[1];
  const plain = quoted ?? /\.([^.[\]]+)(?:\[\d+\])?$/.exec(path)?.[1];
  return plain ?? "message";
}
