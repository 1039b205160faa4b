import { describe, expect, it } from "vitest";

import { propertySchema, resolve, typeOf } from "./resolve";

const root = {
  $defs: {
    Size: { type: "integer", title: "Size", default: 1 },
    Alias: { $ref: "#/$defs/Size" },
    "a/b": { type: "boolean" },
  },
};

describe("a resolved schema", () => {
  it("keeps what stands beside a reference before what it points to", () => {
    expect(resolve({ $ref: "#/$defs/Alias", title: "Own" }, root)).toEqual({
      type: "integer",
      title: "Own",
      default: 1,
    });
  });

  it("reads references with escaped names", () => {
    expect(resolve({ $ref: "#/$defs/a~1b" }, root).type).toBe("boolean");
  });

  it("turns one shape or null into that shape, nullable", () => {
    const schema = resolve({ anyOf: [{ $ref: "#/$defs/Size" }, { type: "null" }], default: null }, root);
    expect(schema).toMatchObject({ type: "integer", nullable: true, default: null });
  });

  it("merges allOf", () => {
    expect(resolve({ allOf: [{ $ref: "#/$defs/Size" }, { minimum: 2 }], title: "Both" }, root)).toEqual({
      type: "integer",
      title: "Both",
      default: 1,
      minimum: 2,
    });
  });

  it("does not read references out of the document", () => {
    expect(resolve({ $ref: "https://example.org/schema" }, root)).toEqual({});
  });
});

describe("what is declared below", () => {
  it("is a property, an item, or the rule for further names", () => {
    const object = {
      type: "object",
      properties: { a: { type: "string" } },
      additionalProperties: { type: "null" },
    };
    expect(propertySchema(object, "a", root)?.type).toBe("string");
    expect(propertySchema(object, "toString", root)?.type).toBe("null");
    expect(propertySchema({ type: "array", items: { $ref: "#/$defs/Size" } }, 3, root)?.type).toBe("integer");
    expect(propertySchema({ type: "object" }, "a", root)).toBeUndefined();
  });

  it("has the type that its values have where none is named", () => {
    expect(typeOf({ enum: [1, 2] })).toBe("integer");
    expect(typeOf({ enum: [1, "a"] })).toBeUndefined();
    expect(typeOf({ properties: {} })).toBe("object");
  });
});
