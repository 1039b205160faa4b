import { isObject } from "../../core/json";
import type { Json } from "../../core/types";
import type { StateChange, StateField } from "./stateApi";

/** The type of a field in a word or two, from its schema. */
export function typeText(schema: StateField["schema"]): string {
  const { type, anyOf, format, items, enum: choices } = schema;
  if (Array.isArray(choices)) return "choice";
  if (Array.isArray(anyOf)) {
    const parts = anyOf.filter(isObject).map(typeText);
    return parts.map((part) => (part === "null" ? "or nothing" : part)).join(" ");
  }
  if (typeof schema["$ref"] === "string") return schema["$ref"].split("/").at(-1) ?? "object";
  if (type === "array") return isObject(items) ? `list of ${typeText(items)}` : "list";
  if (type === "string") return typeof format === "string" ? format : "text";
  return typeof type === "string" ? type : "anything";
}

/** A value in one line. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function byText(by: StateChange["by"], nameOf: (node: string) => string): string {
  switch (by.kind) {
    case "person":
      return by.name ?? "somebody";
    case "message":
      return by.node ? `a message of ${nameOf(by.node)}` : "a message of another flow";
    case "own":
      return "the node itself";
    case "elsewhere":
      return "another host";
    case "found":
      return "found when the host began to look";
  }
}

/** What a person wrote, as the field takes it: a text as it stands, anything else as JSON. */
export function readValue(text: string, plainText: boolean): { value: Json } | { problem: string } {
  if (plainText) return { value: text };
  try {
    const value = JSON.parse(text) as Json;
    return isRounded(value)
      ? {
          problem:
            "It holds whole numbers beyond 9007199254740991, which a browser rounds: set it elsewhere.",
        }
      : { value };
  } catch {
    return { problem: 'This is no JSON: write texts in "quotes", numbers plain.' };
  }
}

/** Whether a whole number in it is larger than a browser can tell apart from its neighbours. */
function isRounded(value: Json): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === "object" && value !== null && Object.values(value).some(isRounded);
}
