/** What an example says of messages like it. */

import { isObject, type Json, type JsonObject } from "../schema/types";

const MAX_DEPTH = 8;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A schema that `example` fits; nothing is required, for the next message may lack it. */
export function infer(example: Json, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) return {};
  if (typeof example === "string") {
    return MOMENT.test(example) ? { type: "string", format: "date-time" } : { type: "string" };
  }
  if (typeof example === "number") return { type: "number" };
  if (typeof example === "boolean") return { type: "boolean" };
  if (Array.isArray(example)) {
    const [first] = example;
    return { type: "array", items: first === undefined ? {} : infer(first, depth + 1) };
  }
  if (isObject(example)) {
    const fields = Object.entries(example).map(([name, part]) => [name, infer(part, depth + 1)]);
    return { type: "object", properties: Object.fromEntries(fields) as JsonObject };
  }
  return {};
}
