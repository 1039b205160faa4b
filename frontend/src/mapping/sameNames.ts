/** Fields of the target that the source has under the same name. */

import { fits, pathStep } from "../forms/expressions/sources";
import { fieldsOf } from "../forms/schema/fields";
import { isReadonly } from "../forms/schema/kinds";
import { getAt, setAt, toPointer } from "../forms/schema/pointer";
import { resolve } from "../forms/schema/resolve";
import { typeWord } from "../forms/schema/typeWords";
import {
  isObject,
  type Json,
  type JsonObject,
  type Path,
  type Resolved,
  type Schema,
} from "../forms/schema/types";

export interface Pair {
  /** Of the target's field. */
  path: Path;
  label: string;
  /** JSONPath into the message. */
  from: string;
  type: string;
  /** Why it is not mapped: both types, in their words. */
  misfit: { given: string; wanted: string } | null;
}

interface Ends {
  source: Resolved;
  sourceRoot: Schema;
  target: Resolved;
  targetRoot: Schema;
}

const MAX_DEPTH = 6;
const MAX_PAIRS = 200;

/** What has a mapping already stays as it is. Objects on both sides are gone through field by field. */
export function sameNames(source: Schema, target: Schema, mapping: JsonObject): Pair[] {
  const found: Pair[] = [];
  const walk = (ends: Ends, path: Path, from: string, depth: number): void => {
    const { source: given, sourceRoot, target: wanted, targetRoot } = ends;
    const names = new Map(Object.keys(given.properties ?? {}).map((name) => [plain(name), name]));
    for (const field of fieldsOf(wanted, targetRoot)) {
      const name = names.get(plain(field.name));
      const declared = name === undefined ? undefined : given.properties?.[name];
      if (name === undefined || !declared || isReadonly(field.schema) || found.length >= MAX_PAIRS) continue;
      const part = resolve(declared, sourceRoot);
      const at = [...path, field.name];
      const below = from + pathStep(name);
      const held = getAt(mapping, at);
      const inside = hasFields(part) && hasFields(field.schema) && (held === undefined || isObject(held));
      if (inside && depth < MAX_DEPTH) {
        walk({ ...ends, source: part, target: field.schema }, at, below, depth + 1);
      } else if (held === undefined || held === "") {
        const ok = fits(part, field.schema);
        const misfit = ok ? null : { given: typeWord(part), wanted: typeWord(field.schema) };
        found.push({
          path: at,
          label: [...path, field.label].join(" › "),
          from: below,
          type: typeWord(part),
          misfit,
        });
      }
    }
  };
  const ends = { source: resolve(source, source), sourceRoot: source };
  walk({ ...ends, target: resolve(target, target), targetRoot: target }, [], "$", 1);
  return found;
}

/** The mapping with these pairs in it: one edit, so one step to take back. */
export function withPairs(mapping: JsonObject, pairs: readonly Pair[]): JsonObject {
  let now: Json = mapping;
  for (const { path, from } of pairs) now = setAt(now, path, `{{ ${from} }}`) ?? {};
  return isObject(now) ? now : mapping;
}

export function keyOf({ path }: Pair): string {
  return toPointer(path);
}

/** `user_name`, `userName` and `User-Name` are one name. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

function hasFields(schema: Resolved): boolean {
  return Object.keys(schema.properties ?? {}).length > 0;
}
