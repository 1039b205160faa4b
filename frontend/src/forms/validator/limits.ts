/** Sentences for what a schema's keyword asks, as they stand under a field. */

import type { Json, Schema } from "../schema/types";

const TYPE_NAMES: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "yes or no",
  array: "a list",
  object: "an object",
  null: "empty",
};

const FORMATS: Record<string, string> = {
  date: "a date such as 2026-01-31",
  "date-time": "a date and time such as 2026-01-31T12:00:00Z",
  duration: "a duration such as PT1M30S",
  email: "an e-mail address",
  hostname: "a host name",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  time: "a time such as 12:30:00Z",
  uri: "an address such as https://example.org/path",
  uuid: "a UUID",
};

/** A sentence for `keyword` of `schema`; undefined for a keyword that has no sentence of its own. */
export function sentence(keyword: string, schema: Schema): string | undefined {
  switch (keyword) {
    case "type":
      return `Must be ${list([schema.type ?? []].flat().map((name) => TYPE_NAMES[name] ?? name))}`;
    case "required":
      return "Required";
    case "minimum":
      return `At least ${number(schema.minimum)}`;
    case "maximum":
      return `At most ${number(schema.maximum)}`;
    case "exclusiveMinimum":
      return `More than ${number(schema.exclusiveMinimum)}`;
    case "exclusiveMaximum":
      return `Less than ${number(schema.exclusiveMaximum)}`;
    case "multipleOf":
      return `Must be a multiple of ${number(schema.multipleOf)}`;
    case "minLength":
      return schema.minLength === 1 ? "Required" : `At least ${count(schema.minLength, "character")}`;
    case "maxLength":
      return `At most ${count(schema.maxLength, "character")}`;
    case "minItems":
      return `At least ${count(schema.minItems, "item")}`;
    case "maxItems":
      return `At most ${count(schema.maxItems, "item")}`;
    case "uniqueItems":
      return "Each item may stand once";
    case "pattern":
      return schema.description ?? `Must match the pattern ${schema.pattern ?? ""}`;
    case "format":
      return `Must be ${FORMATS[schema.format ?? ""] ?? `of the format ${schema.format ?? ""}`}`;
    case "enum":
      return `One of ${list((schema.enum ?? []).map(literal))}`;
    case "const":
      return `Must be ${literal(schema.const ?? null)}`;
    case "anyOf":
    case "oneOf":
      return "Fits none of the allowed shapes";
    case "additionalProperties":
    case "unevaluatedProperties":
      return "This component has no such field";
    default:
      return undefined;
  }
}

/** `20000` -> `20 000`: grouped with no-break spaces, as in the fields. */
function number(value: number | undefined): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 12 })
    .format(value ?? 0)
    .replace(/,/g, "\u00a0");
}

function count(value: number | undefined, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
}

function list(parts: string[]): string {
  return parts.length < 2
    ? (parts[0] ?? "of another type")
    : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1) ?? ""}`;
}

function literal(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
