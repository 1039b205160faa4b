import { describe, expect, it } from "vitest";

import { toList, toSchema } from "./fieldList";
import { infer } from "./infer";

const order = {
  type: "object",
  properties: {
    id: { type: "string", title: "Order" },
    at: { type: "string", format: "date-time" },
    lines: {
      type: "array",
      items: { type: "object", properties: { sku: { type: "string" }, n: { type: "integer" } } },
    },
    to: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    tags: { type: "array", items: { type: "string" } },
    rest: {},
  },
  required: ["id"],
};

describe("a list of fields", () => {
  it("says what a schema says, and back", () => {
    const list = toList(order);
    expect(list).not.toBeNull();
    expect(toSchema(list ?? {})).toEqual(order);
  });

  it("leaves to JSON what it has no words for", () => {
    expect(toList({ type: "object", properties: { a: { type: "string", pattern: "x" } } })).toBeNull();
    expect(toList({ type: "string" })).toBeNull();
    expect(toList({ oneOf: [] })).toBeNull();
  });

  it("takes names that are no ordinary ones", () => {
    const schema = toSchema({ fields: [{ name: "__proto__", kind: "text" }] });
    expect(Object.keys(schema["properties"] ?? {})).toEqual(["__proto__"]);
  });

  it("begins with nothing", () => {
    expect(toSchema(toList(undefined) ?? {})).toEqual({ type: "object", properties: {} });
  });
});

describe("an example", () => {
  it("says which fields there are, and asks for none of them", () => {
    const said = infer({ id: "7", at: "2026-01-31T12:00:00Z", lines: [{ n: 1 }], gone: null });
    expect(said).toEqual({
      type: "object",
      properties: {
        id: { type: "string" },
        at: { type: "string", format: "date-time" },
        lines: { type: "array", items: { type: "object", properties: { n: { type: "number" } } } },
        gone: {},
      },
    });
    expect(toList(said)).not.toBeNull();
  });
});
