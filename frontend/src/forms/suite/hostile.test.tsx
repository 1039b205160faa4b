/** Schemas and values that somebody made to break a page: what is shown stays a form, and nothing in it is run. */

import { act, cleanup } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { isLarge } from "../schema/large";
import type { Json, Schema } from "../schema/types";
import { ValidatorClient } from "../validator/client";
import { openForm } from "./bench";
import { settle } from "./person";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function many(name: string): Schema[] {
  return Array.from({ length: 30 }, () => ({ $ref: `#/$defs/${name}` }));
}

function fields(count: number): Schema {
  const names = Array.from({ length: count }, (_, index) => `f${index}`);
  return {
    type: "object",
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { $ref: "#/$defs/L" }])),
  };
}

const cyclic: [string, Schema][] = [
  [
    "an object that has itself in it",
    {
      $defs: {
        Tree: { type: "object", required: ["in"], properties: { in: { $ref: "#/$defs/Tree" }, a: {} } },
      },
      $ref: "#/$defs/Tree",
    },
  ],
  [
    "a union of itself",
    { $defs: { L: { oneOf: [{ $ref: "#/$defs/L" }, { type: "string" }] } }, $ref: "#/$defs/L" },
  ],
  ["a list of itself", { $defs: { L: { type: "array", items: { $ref: "#/$defs/L" } } }, $ref: "#/$defs/L" }],
  ["a map of itself", { additionalProperties: { $ref: "#" }, type: "object" }],
  ["a union of many of itself", { $defs: { L: { oneOf: many("L") } }, $ref: "#/$defs/L" }],
  ["all of many of itself", { $defs: { L: { allOf: many("L"), properties: { a: {} } } }, $ref: "#/$defs/L" }],
  [
    "an object that asks for many of itself",
    {
      $defs: { L: fields(30) },
      type: "object",
      properties: { a: { anyOf: [{ $ref: "#/$defs/L" }, { type: "null" }] } },
    },
  ],
  ["all of itself", { allOf: [{ $ref: "#" }] }],
  ["a condition on itself", { if: { $ref: "#" }, then: { $ref: "#" }, properties: { a: { $ref: "#" } } }],
  ["itself where something depends", { properties: { a: {} }, dependentSchemas: { a: { $ref: "#" } } }],
];

describe("a schema without end", () => {
  it.each(cyclic)("%s ends in a form", async (_name, schema) => {
    const nested = (depth: number): Json => (depth ? { in: nested(depth - 1), a: [] } : {});
    for (const value of [undefined, [[[[]]]], nested(60)]) {
      const { page } = openForm(schema, value, { judge: false });
      await act(() => settle());
      expect(page.querySelector(".form")).not.toBeNull();
      expect(page.querySelectorAll("*").length).toBeLessThan(4_000);
      cleanup();
    }
  });

  it("is shown as JSON where values are nested deeper than people nest them", async () => {
    let value: Json = "end";
    for (let depth = 0; depth < 40; depth += 1) value = { in: value };
    const { page } = openForm({ type: "object", additionalProperties: { $ref: "#" } }, value);
    await act(() => settle());
    expect(page.querySelector("textarea")?.value).toContain('"end"');
  });
});

describe("a value without end", () => {
  const large = "x".repeat(10 * 1024 * 1024);

  it("is not put into a control", () => {
    const { page } = openForm(
      { type: "object", properties: { text: { type: "string" }, any: {} } },
      {
        text: large,
        any: { a: [large] },
      },
    );
    expect(page.querySelector("textarea, input[value]")).toBeNull();
    expect(page.textContent).toMatch(/Too large.*Too large/s);
  });

  it("is drawn in pages where it has many items or names", async () => {
    const items = Array.from({ length: 2_000 }, (_, index) => index);
    const { page } = openForm(
      {
        type: "object",
        properties: {
          list: { type: "array", items: { type: "integer" } },
          map: { type: "object", additionalProperties: { type: "integer" } },
        },
      },
      { list: items, map: Object.fromEntries(items.map((index) => [`n${index}`, index])) },
    );
    await act(() => settle());
    expect(page.querySelectorAll("[data-pointer]").length).toBeLessThan(300);
    expect(page.textContent).toContain("1900 hidden");
  });

  it("is not copied to the validator, and no depth of it stops the page", async () => {
    let deep: Json = [];
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    expect(isLarge(deep)).toBe(true);
    const client = new ValidatorClient(() => {
      throw new Error("nobody asks the worker");
    });
    expect(await client.check("topic", {}, large)).toBeNull();
    expect(await client.check("topic", {}, deep)).toBeNull();
  });
});

describe("script in every text", () => {
  const evil = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>javascript:window.ran=1`;

  it("is text, wherever it stands", async () => {
    const schema: Schema = {
      type: "object",
      title: evil,
      required: [evil],
      properties: {
        [evil]: {
          type: "string",
          title: evil,
          description: evil,
          tab: evil,
          className: evil,
          examples: [evil],
        },
        pick: { enum: [evil, "b"], enumTitles: [evil, evil], title: evil },
        prose: { type: "string", format: "markdown", readonly: true, title: evil },
        rows: {
          type: "array",
          tableMode: true,
          items: { type: "object", properties: { [evil]: { title: evil } } },
        },
        union: {
          oneOf: [
            { type: "string", title: evil },
            { type: "integer", title: evil },
          ],
          description: evil,
        },
        free: { type: "object", additionalProperties: { type: "string", title: evil } },
      },
    };
    const value = {
      [evil]: evil,
      pick: evil,
      prose: `[x](javascript:alert(1)) ${evil}`,
      rows: [{ [evil]: evil }],
      free: { [evil]: evil },
    };
    const { page } = openForm(schema, value);
    await act(() => settle());
    expect(page.querySelector("script, img, iframe, [onerror]")).toBeNull();
    expect([...page.querySelectorAll("a")].filter(({ href }) => href.startsWith("javascript:"))).toEqual([]);
    expect((window as unknown as { ran?: number }).ran).toBeUndefined();
    expect(page.querySelector(".field")?.className).not.toContain("onerror");
  });
});

describe("names of prototypes", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const own = (make: (name: string) => unknown) =>
    JSON.parse(
      `{${names.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(make(name))}`).join(",")}}`,
    );

  it("are ordinary names of fields, entries and values", async () => {
    const schema = {
      type: "object",
      properties: {
        fields: { type: "object", properties: own(() => ({ type: "string" })) },
        map: { type: "object", additionalProperties: { type: "string" } },
      },
    } as Schema;
    const { page, held } = openForm(schema, { fields: {}, map: own((name) => name) });
    await act(() => settle());
    for (const name of names) {
      expect(page.querySelector(`[data-pointer="/fields/${name}"] input`)).not.toBeNull();
      expect(page.querySelector<HTMLInputElement>(`[data-pointer="/map/${name}"] input`)?.value).toBe(name);
    }
    expect(held()).toEqual({ fields: {}, map: own((name) => name) });
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined();
  });
});

describe("a pattern that never ends", () => {
  it("is tried by the worker alone, which is ended", async () => {
    const schema: Schema = {
      type: "object",
      properties: { a: { type: "string", pattern: "^(a+)+$" } },
      patternProperties: { "^(b+)+$": { type: "string" } },
      if: { properties: { a: { pattern: "^(a+)+$" } } },
      then: { required: ["a"] },
    };
    const bomb = { a: `${"a".repeat(40)}!`, [`${"b".repeat(40)}!`]: "x" };
    const { page } = openForm({ ...schema }, undefined);
    expect(page.querySelector(".form")).not.toBeNull();
    cleanup();
    // Drawn with the bomb in it, and never checked by the page itself.
    const shown = openForm(schema, bomb, { judge: false });
    expect(shown.page.querySelector<HTMLInputElement>('[data-pointer="/a"] input')?.value).toBe(bomb.a);
    cleanup();
    let ended = 0;
    const client = new ValidatorClient(() => ({
      postMessage: () => undefined,
      terminate: () => (ended += 1),
      onmessage: null,
      onerror: null,
    }));
    const answer = client.check("topic", schema, bomb);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await answer).toBeNull();
    expect(ended).toBe(1);
  });
});
