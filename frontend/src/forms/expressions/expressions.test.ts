import { describe, expect, it } from "vitest";

import type { Schema } from "../schema/types";
import { fits, lookUp, sourceFields, stepsOf } from "./sources";
import { complete, expressionPlaces, expressionsOf, isExpression, pureExpression } from "./text";

const message: Schema = {
  $defs: { Item: { type: "object", properties: { name: { type: "string" } }, additionalProperties: false } },
  type: "object",
  additionalProperties: false,
  properties: {
    value: { type: "integer", title: "Current value" },
    "x-weight": { type: "number" },
    items: { type: "array", items: { $ref: "#/$defs/Item" } },
    headers: { type: "object", additionalProperties: { type: "string" } },
    body: {},
  },
};

describe("the strings of a mapping", () => {
  it("are expressions when they hold braces", () => {
    expect(isExpression("{{ $.a }}")).toBe(true);
    expect(isExpression("Hello {{$.name}}!")).toBe(true);
    expect(isExpression("{{ open")).toBe(false);
    expect(isExpression(3)).toBe(false);
  });

  it("give a typed value only as one whole expression", () => {
    expect(pureExpression(" {{ $.a }} ")).toBe("$.a");
    expect(pureExpression("{{$.a}}{{$.b}}")).toBeUndefined();
    expect(expressionsOf("{{$.a}} and {{ $.b }}")).toEqual(["$.a", "$.b"]);
  });

  it("get the braces that a bare path is missing, and no other text does", () => {
    expect(complete("$.value")).toBe("{{ $.value }}");
    expect(complete("$")).toBe("{{ $ }}");
    expect(complete("$5 a month")).toBe("$5 a month");
    expect(complete("{{ $.a }}")).toBe("{{ $.a }}");
  });

  it("are found wherever they stand", () => {
    const places = expressionPlaces({ a: "{{ $.x }}", b: [1, { c: "{{ $.y }}" }], d: "plain" });
    expect(places.map(({ pointer }) => pointer)).toEqual(["/a", "/b/1/c"]);
  });
});

describe("a path into the message", () => {
  it.each([
    ["$", []],
    ["$.a.b", ["a", "b"]],
    ['$["x-y"][0]', ["x-y", 0]],
    ["$.a[*]", undefined],
    ["$..a", undefined],
    ["a", undefined],
  ])("%s", (path, steps) => {
    expect(stepsOf(path)).toEqual(steps);
  });

  it("is known, ruled out, or left open by the schema", () => {
    expect(lookUp("$.value", message, message)).toMatchObject({ schema: { type: "integer" } });
    expect(lookUp("$.items[3].name", message, message)).toMatchObject({ schema: { type: "string" } });
    expect(lookUp("$.headers.accept", message, message)).toMatchObject({ schema: { type: "string" } });
    expect(lookUp("$.vlaue", message, message)).toBe("unknown");
    expect(lookUp("$.value.deeper", message, message)).toBe("unknown");
    expect(lookUp("$.body.anything", message, message)).toBe("open");
    expect(lookUp("$.items[?(@.name)]", message, message)).toBe("open");
    expect(lookUp("$.anything", {}, {})).toBe("open");
  });

  it("is offered for every declared field, quoted where its name needs it", () => {
    const paths = sourceFields(message, message).map(({ path }) => path);
    expect(paths).toEqual([
      "$",
      "$.value",
      '$["x-weight"]',
      "$.items",
      "$.items[0].name",
      "$.headers",
      "$.body",
    ]);
  });

  it("ends in a schema that contains itself", () => {
    const tree: Schema = {
      $defs: {
        Tree: {
          type: "object",
          properties: { left: { $ref: "#/$defs/Tree" }, right: { $ref: "#/$defs/Tree" } },
        },
      },
      $ref: "#/$defs/Tree",
    };
    expect(sourceFields(tree.$defs?.["Tree"] ?? {}, tree).length).toBeLessThanOrEqual(200);
  });
});

describe("types", () => {
  it("fit when a value of the one can be a value of the other", () => {
    expect(fits({ type: "integer" }, { type: "number" })).toBe(true);
    expect(fits({ type: "string" }, { type: "integer" })).toBe(false);
    expect(fits({}, { type: "integer" })).toBe(true);
  });
});
