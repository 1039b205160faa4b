/** A schema as people write one: a list of fields with names and kinds. What the list has no words for is written as JSON Schema. */

import { equal } from "../schema/pointer";
import { isObject, type Json, type JsonObject, type Schema } from "../schema/types";

/** What a field may be, as people call it; `fields` and `rows` have a list of their own. */
const KINDS: Record<string, { title: string; schema: JsonObject }> = {
  text: { title: "Text", schema: { type: "string" } },
  number: { title: "Number", schema: { type: "number" } },
  whole: { title: "Whole number", schema: { type: "integer" } },
  yes: { title: "Yes or no", schema: { type: "boolean" } },
  moment: { title: "Date and time", schema: { type: "string", format: "date-time" } },
  fields: { title: "Fields", schema: { type: "object" } },
  rows: { title: "List of fields", schema: { type: "array", items: { type: "object" } } },
  texts: { title: "List of texts", schema: { type: "array", items: { type: "string" } } },
  numbers: { title: "List of numbers", schema: { type: "array", items: { type: "number" } } },
  any: { title: "Anything", schema: {} },
};
const WITH_FIELDS = ["fields", "rows"];

/** Fields in fields; a form shows no more. */
const MAX_DEPTH = 8;

/** The form in which the list is written: schemas describe themselves by the renderers they are for. */
export const FIELD_LIST: Schema = {
  $defs: {
    Field: {
      type: "object",
      required: ["name", "kind"],
      properties: {
        name: { type: "string", title: "Name", minLength: 1, maxLength: 100, colSpan: 6, propertyOrder: 1 },
        kind: {
          enum: Object.keys(KINDS),
          enumTitles: Object.values(KINDS).map(({ title }) => title),
          title: "Kind",
          colSpan: 6,
          propertyOrder: 2,
        },
        required: {
          type: "boolean",
          format: "checkbox",
          title: "Always there",
          colSpan: 6,
          propertyOrder: 3,
        },
        title: { type: "string", title: "Label", default: "", colSpan: 6, propertyOrder: 4 },
        fields: {
          type: "array",
          title: "Fields in it",
          default: [],
          items: { $ref: "#/$defs/Field" },
          requiredWhen: ["kind", "in", WITH_FIELDS],
          propertyOrder: 5,
        },
      },
    },
  },
  type: "object",
  properties: {
    fields: { type: "array", title: "Fields", default: [], items: { $ref: "#/$defs/Field" } },
  },
};

/** The schema that a list of fields stands for. */
export function toSchema(list: Json | undefined, depth = 0): JsonObject {
  const properties: [string, Json][] = [];
  const required: string[] = [];
  for (const field of fieldsIn(list)) {
    const name = String(field["name"] ?? "");
    if (name === "") continue;
    const kind = String(field["kind"] ?? "any");
    const inner = WITH_FIELDS.includes(kind) && depth < MAX_DEPTH ? toSchema(field, depth + 1) : null;
    const plain = KINDS[kind]?.schema ?? {};
    const schema: JsonObject =
      inner && kind === "rows" ? { type: "array", items: inner } : { ...plain, ...(inner ?? {}) };
    properties.push([name, field["title"] ? { ...schema, title: field["title"] } : schema]);
    if (field["required"] === true) required.push(name);
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length ? { required } : {}),
  };
}

/** The list that stands for a schema; null where the list has no words for it. */
export function toList(schema: Json | undefined): JsonObject | null {
  if (schema === undefined) return { fields: [] };
  const list = listOf(schema, 0);
  return list && equal(toSchema(list), schema) ? list : null;
}

function listOf(schema: Json | undefined, depth: number): JsonObject | null {
  if (!isObject(schema) || schema["type"] !== "object" || depth > MAX_DEPTH) return null;
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const fields = Object.entries(properties).map(([name, part]): JsonObject | null => {
    if (!isObject(part)) return null;
    const { title, ...plain } = part;
    const said: JsonObject = {
      name,
      ...(required.includes(name) ? { required: true } : {}),
      ...(typeof title === "string" ? { title } : {}),
    };
    const simple = Object.keys(KINDS).find(
      (kind) => !WITH_FIELDS.includes(kind) && equal(KINDS[kind]?.schema, plain),
    );
    if (simple) return { ...said, kind: simple };
    const rows = plain["type"] === "array";
    const inner = listOf(rows ? plain["items"] : plain, depth + 1);
    return inner && { ...said, kind: rows ? "rows" : "fields", ...inner };
  });
  return fields.includes(null) ? null : { fields: fields as JsonObject[] };
}

function fieldsIn(list: Json | undefined): JsonObject[] {
  const fields = isObject(list) ? list["fields"] : undefined;
  return Array.isArray(fields) ? fields.filter(isObject) : [];
}
