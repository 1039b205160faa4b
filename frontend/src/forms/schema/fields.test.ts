import { describe, expect, it } from "vitest";

import { blank } from "./blank";
import { shapesOf } from "./kinds";
import { chosen } from "./choose";
import { fieldsOf, humanise, standingOf, tabsOf } from "./fields";
import { lift } from "./lift";
import { equal, fromPointer, isWithin, setAt, toPointer } from "./pointer";
import type { Json, Schema } from "./types";

describe("the fields of an object", () => {
  const object: Schema = {
    type: "object",
    required: ["first"],
    properties: {
      last: { type: "string", tab: "More" },
      second: { type: "string", propertyOrder: 2 },
      first: { type: "string", propertyOrder: 1, title: "The first" },
      hidden: { type: "string", tab: "More", propertyOrder: 9 },
    },
  };

  it("stand in their order, those without one behind", () => {
    expect(fieldsOf(object, object).map(({ name }) => name)).toEqual(["first", "second", "hidden", "last"]);
  });

  it("know their label and whether they are required", () => {
    const [first, second] = fieldsOf(object, object);
    expect(first).toMatchObject({ label: "The first", required: true });
    expect(second).toMatchObject({ label: "Second", required: false });
  });

  it("are grouped by tab behind those without one", () => {
    const tabs = tabsOf(fieldsOf(object, object)).map(({ title, fields }) => [
      title,
      fields.map(({ name }) => name),
    ]);
    expect(tabs).toEqual([
      ["", ["first", "second"]],
      ["More", ["hidden", "last"]],
    ]);
  });

  it("get a readable label from any spelling", () => {
    expect(["max_history", "maxHistory", "x-request-id", "a"].map(humanise)).toEqual([
      "Max history",
      "Max history",
      "X request id",
      "A",
    ]);
  });
});

describe("an edit below a default", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      limits: { type: "array", items: { type: "integer" }, default: [1, 2] },
      owner: { type: "object", properties: { name: { type: "string" } } },
    },
  };

  it("brings the default along", () => {
    expect(lift({ path: ["limits", 0], value: 5 }, {}, schema)).toEqual({ path: ["limits"], value: [5, 2] });
  });

  it("makes what is missing where there is no default", () => {
    expect(lift({ path: ["owner", "name"], value: "a" }, {}, schema)).toEqual({
      path: ["owner"],
      value: { name: "a" },
    });
  });

  it("stays where it is when the flow holds the place", () => {
    const edit = { path: ["limits", 1], value: 7 };
    expect(lift(edit, { limits: [1, 2] }, schema)).toEqual(edit);
  });
});

describe("a field that depends on another", () => {
  const schema: Schema = {
    type: "object",
    required: ["always"],
    properties: {
      kind: { enum: ["file", "server"], default: "file" },
      path: { type: "string", shownWhen: ["kind", "equal", "file"] },
      host: { type: "string", default: "localhost", shownWhen: ["kind", "equal", "server"] },
      user: {
        type: "string",
        requiredWhen: ["kind", "equal", "server"],
        shownWhen: ["kind", "equal", "server"],
      },
      always: { type: "string", shownWhen: ["kind", "equal", "server"] },
    },
  };
  const shown = (value: Json) =>
    fieldsOf(schema, schema)
      .filter((field) => standingOf(field, schema, value).shown)
      .map((field) => field.name);

  it("is in sight while that holds, whatever stands in it", () => {
    expect(shown({})).toEqual(["kind", "path", "always"]);
    expect(shown({ host: "db.corp", user: "ann" })).toEqual(["kind", "path", "always"]);
    expect(shown({ kind: "server", path: "a.db" })).toEqual(["kind", "host", "user", "always"]);
  });

  it("is not asked for while it is out of sight", () => {
    const user = fieldsOf(schema, schema).find((field) => field.name === "user");
    expect(user && standingOf(user, schema, { kind: "server" })).toEqual({ required: true, shown: true });
    expect(user && standingOf(user, schema, {})).toEqual({ required: false, shown: false });
  });
});

describe("a new value", () => {
  it("holds what is required and the defaults of its schema", () => {
    const schema: Schema = {
      type: "object",
      required: ["path", "weight"],
      properties: {
        path: { type: "string" },
        weight: { type: "integer", minimum: 1 },
        note: { type: "string" },
      },
    };
    expect(blank(schema, schema)).toEqual({ path: "", weight: 1 });
  });

  it("ends in a schema that contains itself", () => {
    const root: Schema = {
      $defs: {
        Tree: { type: "object", required: ["child"], properties: { child: { $ref: "#/$defs/Tree" } } },
      },
    };
    expect(JSON.stringify(blank(root.$defs?.["Tree"] ?? {}, root)).length).toBeLessThan(200);
  });
});

describe("a value of a union", () => {
  const union: Schema = {
    oneOf: [
      { type: "object", properties: { kind: { const: "basic" }, user: { type: "string" } } },
      { type: "object", properties: { kind: { const: "token" } } },
      { type: "string" },
    ],
  };

  const shapes = shapesOf(union, union);

  it("shows the member it was made for", () => {
    expect(chosen({ kind: "token", user: "x" }, shapes, union)).toBe(1);
    expect(chosen("text", shapes, union)).toBe(2);
    expect(chosen(undefined, shapes, union)).toBe(0);
  });
});

describe("pointers", () => {
  it("survive names with slashes and tildes", () => {
    const path = ["a/b", "~c", 0];
    expect(toPointer(path)).toBe("/a~1b/~0c/0");
    expect(fromPointer("#/a~1b/%7E0c/0")).toEqual(["a/b", "~c", "0"]);
  });

  it("know what lies below them", () => {
    expect(isWithin("/a/b", "/a")).toBe(true);
    expect(isWithin("/ab", "/a")).toBe(false);
    expect(isWithin("/a", "")).toBe(true);
  });

  it("write into copies", () => {
    const before = { a: { b: [1, 2] }, c: 1 };
    expect(setAt(before, ["a", "b", 0], undefined)).toEqual({ a: { b: [2] }, c: 1 });
    expect(setAt(undefined, [], 3)).toBe(3);
    expect(before).toEqual({ a: { b: [1, 2] }, c: 1 });
  });

  it("tell equal documents whatever the order of their keys", () => {
    expect(equal({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toBe(true);
    expect(equal({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(equal([1], { 0: 1 })).toBe(false);
  });
});
