import { describe, expect, it } from "vitest";

import { options } from "../schema/kinds";
import { resolve } from "../schema/resolve";
import type { Schema } from "../schema/types";
import { choose, rankWith, type Renderer } from "./renderer";
import { renderers } from "./renderers";

const table: [string, Schema, string][] = [
  ["text", { type: "string" }, "text"],
  ["optional text as Pydantic writes it", { anyOf: [{ type: "string" }, { type: "null" }] }, "text"],
  ["several lines", { type: "string", format: "textarea" }, "textarea"],
  ["code by format", { type: "string", format: "code" }, "code"],
  ["code by language", { type: "string", language: "python" }, "code"],
  ["password", { type: "string", format: "password" }, "secret"],
  ["secret beats every other format", { type: "string", format: "textarea", secret: true }, "secret"],
  ["optional secret", { anyOf: [{ type: "string" }, { type: "null" }], secret: true }, "secret"],
  ["moment", { type: "string", format: "date-time" }, "datetime"],
  ["duration", { type: "string", format: "duration" }, "duration"],
  ["a format nobody knows", { type: "string", format: "iban" }, "text"],
  ["whole number", { type: "integer" }, "number"],
  ["optional number", { anyOf: [{ type: "number" }, { type: "null" }], default: null }, "number"],
  ["number or null in one type", { type: ["number", "null"] }, "number"],
  ["switch", { type: "boolean" }, "toggle"],
  ["button", { type: "boolean", format: "button" }, "button"],
  ["enum", { enum: ["a", "b"] }, "select"],
  ["enum by reference", { $ref: "#/$defs/Mode" }, "select"],
  ["union of constants", { oneOf: [{ const: "a", title: "A" }, { const: "b" }] }, "select"],
  ["constant", { const: "basic" }, "constant"],
  ["list", { type: "array", items: { type: "string" } }, "list"],
  ["list of anything", { type: "array" }, "list"],
  ["object", { type: "object", properties: { a: {} } }, "object"],
  ["object by reference with its own title", { $ref: "#/$defs/Route", title: "Route" }, "object"],
  ["names and values", { type: "object", additionalProperties: { type: "integer" } }, "map"],
  ["any object", { type: "object" }, "map"],
  ["union of shapes", { oneOf: [{ type: "string" }, { type: "integer" }] }, "choice"],
  [
    "union of shapes or null",
    { anyOf: [{ type: "string" }, { type: "integer" }, { type: "null" }] },
    "choice",
  ],
  ["anything", { title: "Anything" }, "any"],
  ["JSON with a format of text", { title: "Message", format: "code", language: "json" }, "source"],
  ["two types at once", { type: ["string", "integer"] }, "any"],
  ["a reference that leads nowhere", { $ref: "#/$defs/Missing" }, "any"],
  ["a reference to itself", { $ref: "#/$defs/Loop" }, "any"],
  ["Markdown", { type: "string", format: "markdown" }, "markdown"],
  ["JSON in a text", { type: "string", format: "json" }, "code"],
  ["an object as JSON", { type: "object", properties: { a: {} }, format: "json" }, "source"],
  ["a colour", { type: "string", format: "color" }, "color"],
  ["a file", { type: "string", format: "base64" }, "file"],
  ["a box to tick", { type: "boolean", format: "checkbox" }, "checkbox"],
  ["yes or no to choose", { type: "boolean", format: "select" }, "select"],
  ["yes, no or neither", { anyOf: [{ type: "boolean" }, { type: "null" }] }, "select"],
  ["few values in view", { enum: ["a", "b"], format: "radiobox" }, "radio"],
  ["many values", { enum: Array.from({ length: 21 }, (_, index) => index) }, "search"],
  ["some of a closed list", { type: "array", uniqueItems: true, items: { enum: ["a", "b"] } }, "many"],
  ["a table", { type: "array", tableMode: true, items: { $ref: "#/$defs/Route" } }, "table"],
  ["a table of texts", { type: "array", tableMode: true, items: { type: "string" } }, "list"],
  ["places of their own", { type: "array", prefixItems: [{ type: "string" }] }, "tuple"],
  ["nothing", { type: "null" }, "constant"],
  ["only shown", { type: "integer", readonly: true }, "reading"],
  ["a secret that is only shown", { type: "string", secret: true, readonly: true }, "secret"],
  ["prose that is only shown", { type: "string", format: "markdown", readonly: true }, "markdown"],
];

const $defs: Record<string, Schema> = {
  Mode: { enum: ["once", "each"], type: "string" },
  Route: { type: "object", properties: { path: { type: "string" } } },
  Loop: { $ref: "#/$defs/Loop" },
};

const named = (schema: Schema) => choose(renderers, resolve(schema, { $defs }), { $defs }).name;

describe("the renderer of a field", () => {
  it.each(table)("%s", (_name, schema, name) => {
    expect(named(schema)).toBe(name);
  });

  it("has a name of its own", () => {
    expect(new Set(renderers.map(({ name }) => name)).size).toBe(renderers.length);
  });

  it("is whoever ranks highest, in any order of the rows", () => {
    const row = (name: string, rank: number): Renderer => ({
      name,
      rank: rankWith(rank, () => true),
      control: () => null,
    });
    const rows = [row("middle", 5), row("best", 9), row("unfit", 0)];
    expect(choose(rows, {}, {}).name).toBe("best");
    expect(choose(rows.toReversed(), {}, {}).name).toBe("best");
  });

  it("is one that all its testers let through", () => {
    const rank = rankWith(
      7,
      () => true,
      ({ format }) => format === "x",
    );
    expect(rank({ format: "x" }, {})).toBe(7);
    expect(rank({}, {})).toBe(0);
  });
});

describe("the options of a select", () => {
  it("carry their titles", () => {
    expect(options({ enum: ["GET", "*", null], enumTitles: ["Get", "Any"] })).toEqual([
      { value: "GET", title: "Get" },
      { value: "*", title: "Any" },
      { value: null, title: "null" },
    ]);
  });
});
