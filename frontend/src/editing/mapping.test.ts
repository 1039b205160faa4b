import { describe, expect, it } from "vitest";
import type { Schema } from "../core/types";
import { carryMapping, named } from "./mapping";

const object = (...names: string[]): Schema => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
});

describe("a mapping that goes to another wire", () => {
  it("keeps what the new source sends and the new target takes, literals too", () => {
    const mapping = { to: "{{ $.address }}", subject: "Hello", body: "{{ $.text }}" };
    expect(carryMapping(mapping, object("address", "text"), object("to", "subject", "body"))).toEqual({
      mapping,
      dropped: [],
    });
  });

  it("drops and names what is not sent any more, unless a field of that name is", () => {
    const mapping = { to: "{{ $.address }}", body: "{{ $.text }}" };
    expect(carryMapping(mapping, object("address", "body"), object("to", "body"))).toEqual({
      mapping: { to: "{{ $.address }}", body: "{{ $.body }}" },
      dropped: [],
    });
    expect(carryMapping(mapping, object("address"), object("to", "body")).dropped).toEqual(["body"]);
  });

  it("drops what the new target does not take", () => {
    expect(carryMapping({ to: "x", other: "y" }, null, object("to"))).toEqual({
      mapping: { to: "x" },
      dropped: ["other"],
    });
  });

  it("keeps all where the schemas leave it open", () => {
    const mapping = { any: "{{ $.deep.thing }}", more: "{{ $..all }}" };
    expect(carryMapping(mapping, null, null)).toEqual({ mapping, dropped: [] });
    expect(carryMapping(mapping, {}, {}).mapping).toEqual(mapping);
  });
});

it("names fields as a sentence does", () => {
  expect(named(["a"])).toBe("a");
  expect(named(["a", "b"])).toBe("a and b");
  expect(named(["a", "b", "c", "d"])).toBe("a, b and 2 more");
});
