import { describe, expect, it } from "vitest";

import type { Json, Schema } from "../schema/types";
import { check } from "./check";

const text: Schema = { type: "string" };
const nested: Schema = {
  $defs: {
    Route: {
      type: "object",
      required: ["path"],
      properties: { path: { type: "string", minLength: 1 }, weight: { type: "integer", minimum: 0 } },
      additionalProperties: false,
    },
    Basic: { type: "object", required: ["user"], properties: { kind: { const: "basic" }, user: text } },
    Token: { type: "object", required: ["token"], properties: { kind: { const: "token" }, token: text } },
  },
  type: "object",
  required: ["name"],
  properties: {
    name: text,
    size: { anyOf: [{ type: "integer", maximum: 20_000 }, { type: "null" }] },
    mode: { enum: ["once", "each"] },
    routes: { type: "array", items: { $ref: "#/$defs/Route" }, maxItems: 2 },
    auth: { oneOf: [{ $ref: "#/$defs/Basic" }, { $ref: "#/$defs/Token" }] },
    either: { anyOf: [{ type: "string" }, { type: "integer" }] },
    "a/b": { type: "boolean" },
  },
  additionalProperties: false,
};

const table: [string, Json, [string, string][]][] = [
  ["all is well", { name: "x" }, []],
  ["a field is missing", {}, [["/name", "Required"]]],
  ["a wrong type", { name: 3 }, [["/name", "Must be text"]]],
  ["a limit, behind a union with null", { name: "x", size: 30_000 }, [["/size", "At most 20\u00a0000"]]],
  ["a type, behind a union with null", { name: "x", size: "no" }, [["/size", "Must be a whole number"]]],
  ["null where it may be", { name: "x", size: null }, []],
  ["not among the options", { name: "x", mode: "never" }, [["/mode", "One of once or each"]]],
  [
    "inside of an item by reference",
    { name: "x", routes: [{ path: "/", weight: -1 }] },
    [["/routes/0/weight", "At least 0"]],
  ],
  ["an item without a required field", { name: "x", routes: [{}] }, [["/routes/0/path", "Required"]]],
  ["an empty required text", { name: "x", routes: [{ path: "" }] }, [["/routes/0/path", "Required"]]],
  [
    "too many items",
    { name: "x", routes: [{ path: "a" }, { path: "b" }, { path: "c" }] },
    [["/routes", "At most 2 items"]],
  ],
  ["the meant member of a union", { name: "x", auth: { kind: "token" } }, [["/auth/token", "Required"]]],
  ["no member of a union", { name: "x", either: [] }, [["/either", "Must be text or a whole number"]]],
  ["an unknown field", { name: "x", nmae: 1 }, [["/nmae", "This component has no such field"]]],
  ["a name with a slash", { name: "x", "a/b": 1 }, [["/a~1b", "Must be yes or no"]]],
];

describe("checking a document", () => {
  it.each(table)("%s", (_name, value, expected) => {
    expect(check(nested, value).map(({ pointer, message }) => [pointer, message])).toEqual(expected);
  });

  it("says each limit in words", () => {
    const say = (schema: Schema, value: Json) => check(schema, value)[0]?.message;
    expect(say({ type: "string", maxLength: 3 }, "abcd")).toBe("At most 3 characters");
    expect(say({ type: "string", minLength: 2 }, "a")).toBe("At least 2 characters");
    expect(say({ type: "string", pattern: "^/" }, "a")).toBe("Must match the pattern ^/");
    expect(say({ type: "string", pattern: "^/", description: "Starts with /" }, "a")).toBe("Starts with /");
    expect(say({ type: "string", format: "date-time" }, "soon")).toContain("a date and time such as");
    expect(say({ type: "number", exclusiveMinimum: 0 }, 0)).toBe("More than 0");
    expect(say({ type: "number", multipleOf: 5 }, 3)).toBe("Must be a multiple of 5");
    expect(say({ type: "array", minItems: 1 }, [])).toBe("At least 1 item");
    expect(say({ type: "array", uniqueItems: true }, [1, 1])).toBe("Each item may stand once");
    expect(say({ const: "x" }, "y")).toBe("Must be x");
  });

  it("says one thing per field", () => {
    const errors = check({ type: "string", minLength: 5, pattern: "^x" }, "ab");
    expect(errors).toHaveLength(1);
  });

  it("is bounded however wrong the document is", () => {
    const many = Array.from({ length: 1_000 }, () => "no");
    expect(check({ type: "array", items: { type: "integer" } }, many).length).toBeLessThanOrEqual(200);
  });

  it("throws for a schema that cannot be used", () => {
    expect(() => check({ $ref: "#/$defs/Missing" }, 1)).toThrow();
  });

  it("leaves it to the node what a reference to a secret stands for", () => {
    const schema: Schema = { type: "object", properties: { url: { type: "string", pattern: "^https:" } } };
    expect(check(schema, { url: "[[secret:slack/url]]" })).toEqual([]);
    expect(check(schema, { url: "secret:slack/url" })).toHaveLength(1);
  });
});
