/** Decides which control a field gets. Pure: the controls themselves are bound to kinds in `../controls/registry`. */

import { typeOf } from "./resolve";
import { isObject, type Resolved, type Schema } from "./types";

export type Kind =
  | "button"
  | "choice"
  | "code"
  | "constant"
  | "datetime"
  | "duration"
  | "json"
  | "list"
  | "map"
  | "number"
  | "object"
  | "secret"
  | "select"
  | "text"
  | "textarea"
  | "toggle";

export interface Rule {
  kind: Kind;
  /** Higher wins; 0 means that the control does not fit. */
  rank: (schema: Resolved) => number;
}

const DATE_FORMATS = new Set(["date-time", "date", "time"]);
const isText = (schema: Resolved) => typeOf(schema) === "string";
const isNumber = (schema: Resolved) => typeOf(schema) === "number" || typeOf(schema) === "integer";
const when = (fits: boolean, rank: number) => (fits ? rank : 0);

/** The rules in no order: ranks decide. Shape first (10), format above it (20), what changes the meaning above both (30). */
export const rules: readonly Rule[] = [
  { kind: "json", rank: () => 1 },
  { kind: "text", rank: (schema) => when(isText(schema), 10) },
  { kind: "number", rank: (schema) => when(isNumber(schema), 10) },
  { kind: "toggle", rank: (schema) => when(typeOf(schema) === "boolean", 10) },
  { kind: "list", rank: (schema) => when(typeOf(schema) === "array" && isObject(schema.items), 10) },
  { kind: "object", rank: (schema) => when(typeOf(schema) === "object" && hasProperties(schema), 10) },
  { kind: "map", rank: (schema) => when(isMap(schema), 10) },
  {
    kind: "textarea",
    rank: (schema) =>
      when(isText(schema) && (schema.format === "textarea" || schema.format === "markdown"), 20),
  },
  {
    kind: "code",
    rank: (schema) => when(isText(schema) && (schema.format === "code" || schema.language !== undefined), 20),
  },
  { kind: "datetime", rank: (schema) => when(isText(schema) && DATE_FORMATS.has(schema.format ?? ""), 20) },
  { kind: "duration", rank: (schema) => when(isText(schema) && schema.format === "duration", 20) },
  { kind: "button", rank: (schema) => when(schema.format === "button", 20) },
  { kind: "choice", rank: (schema) => when(alternatives(schema).length > 1, 20) },
  { kind: "select", rank: (schema) => when(options(schema).length > 0, 30) },
  { kind: "constant", rank: (schema) => when(schema.const !== undefined, 30) },
  { kind: "secret", rank: (schema) => when(isSecret(schema), 40) },
];

export function kindOf(schema: Resolved, from: readonly Rule[] = rules): Kind {
  let best: Kind = "json";
  let highest = 0;
  for (const rule of from) {
    const rank = rule.rank(schema);
    if (rank > highest) [best, highest] = [rule.kind, rank];
  }
  return best;
}

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
    isText(schema) && (schema.secret === true || schema.writeOnly === true || schema.format === "password")
  );
}

function hasProperties(schema: Resolved): boolean {
  return Object.keys(schema.properties ?? {}).length > 0;
}

function isMap(schema: Resolved): boolean {
  return typeOf(schema) === "object" && !hasProperties(schema) && isObject(schema.additionalProperties);
}

function label(value: Option["value"]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
