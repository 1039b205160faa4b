/** What a widget changes of its node's control schema: JSON Patch, as other editors of TinyWidgetPages write it. Pure. */

import { fieldsOf, type Field } from "../../forms/schema/fields";
import { fromPointer, toPointer } from "../../forms/schema/pointer";
import { resolve } from "../../forms/schema/resolve";
import { isObject, type Json, type Schema } from "../../forms/schema/types";
import type { PatchOp } from "../core/types";

/** The schema with the patch applied. An operation that leads nowhere is passed over: the module may have changed. */
export function patched(schema: Schema, patch: readonly PatchOp[]): Schema {
  if (patch.length === 0) return schema;
  const root = structuredClone(schema) as unknown as Json;
  for (const op of patch) step(root, fromPointer(op.path), op);
  return root as Schema;
}

function step(root: Json, path: readonly string[], op: PatchOp): void {
  let parent: Json | undefined = root;
  for (const name of path.slice(0, -1)) {
    if (!isObject(parent) || !Object.hasOwn(parent, name)) return;
    parent = parent[name];
  }
  const last = path.at(-1);
  if (last === undefined || last === "__proto__" || !isObject(parent)) return;
  if (op.op === "remove") Reflect.deleteProperty(parent, last);
  else parent[last] = op.value ?? null;
}

/** How a field stands on a widget. */
export interface FieldLook {
  hidden: boolean;
  chart: "none" | "sparkline" | "line";
}

/** The fields of a control schema. */
export function controlSchemaFields(schema: Schema): Field[] {
  return fieldsOf(resolve(schema, schema), schema);
}

/** The patch with one keyword of one field set; what its author says is not repeated in it. */
export function withKeyword(
  schema: Schema,
  patch: readonly PatchOp[],
  field: string,
  keyword: "hidden" | "chart",
  value: Json,
): PatchOp[] {
  const path = toPointer([...holderOf(schema), "properties", field, keyword]);
  const kept = patch.filter((op) => op.path !== path);
  const own = (resolve(schema, schema).properties?.[field] as Record<string, Json> | undefined)?.[keyword];
  if (value === (own ?? (keyword === "hidden" ? false : "none"))) return kept;
  return [...kept, { op: "add", path, value }];
}

/** Where the schema's properties stand: at the top, or in the definition that it refers to. */
function holderOf(schema: Schema): string[] {
  return schema.properties || schema.$ref === undefined ? [] : fromPointer(schema.$ref);
}
