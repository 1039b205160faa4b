import { describe, expect, it } from "vitest";
import { canConnect, canWire, defaultMapping } from "./connect";
import { graphOf } from "./graph";
import { aNode, anEdge, aPort } from "./testing";
import type { Schema } from "./types";

const object = (properties: Record<string, Schema>, required: string[] = []): Schema => {
  return { type: "object", properties, required };
};
const INT = { type: "integer" };
const TEXT = { type: "string" };

describe("canConnect", () => {
  it("lets anything pass where a side says nothing", () => {
    expect(canConnect(null, object({ a: INT }, ["a"])).ok).toBe(true);
    expect(canConnect(object({ a: INT }), {}).ok).toBe(true);
    expect(canConnect({ title: "Any" }, object({ a: INT }, ["a"])).ok).toBe(true);
  });

  it("wants something for every required field", () => {
    const target = object({ value: INT }, ["value"]);
    expect(canConnect(object({ count: INT }), target).ok).toBe(true);
    expect(canConnect(object({ deep: object({ count: INT }) }), target).ok).toBe(true);
    const verdict = canConnect(object({ name: TEXT }), target);
    expect(verdict).toEqual({
      ok: false,
      reason: "It needs value (integer), and nothing in the source's message fits.",
    });
  });

  it("accepts defaults and literals that a person may write", () => {
    const source = object({ name: TEXT });
    expect(canConnect(source, object({ value: { ...INT, default: 1 } }, ["value"])).ok).toBe(true);
    expect(canConnect(source, object({ value: { ...INT, configurable: true } }, ["value"])).ok).toBe(true);
  });

  it("follows references and choices", () => {
    const target: Schema = {
      ...object({ who: { $ref: "#/$defs/Who" }, when: { anyOf: [TEXT, { type: "null" }] } }, ["who", "when"]),
      $defs: { Who: object({ id: INT }) },
    };
    expect(canConnect(object({ user: object({ id: INT }), at: TEXT }), target).ok).toBe(true);
    expect(canConnect(object({ at: TEXT }), target).ok).toBe(true);
    expect(canConnect({ type: "string" }, target)).toMatchObject({ ok: false });
  });

  it("ends on schemas that refer to themselves", () => {
    const tree: Schema = {
      $ref: "#/$defs/Tree",
      $defs: { Tree: object({ next: { $ref: "#/$defs/Tree" } }) },
    };
    expect(canConnect(tree, tree).ok).toBe(true);
    const loop: Schema = { $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } };
    expect(canConnect(loop, object({ a: INT }, ["a"])).ok).toBe(true);
  });

  it("compares whole messages when the target is no object", () => {
    expect(canConnect({ type: "integer" }, { type: "number" }).ok).toBe(true);
    expect(canConnect({ type: "boolean" }, { type: "array" })).toMatchObject({
      ok: false,
      reason: "It takes array; the source sends boolean.",
    });
  });
});

describe("canWire", () => {
  const graph = graphOf({ nodes: [aNode("a"), aNode("b")], edges: [anEdge("ab", "a", "b")] });
  const ends = { source: "a", source_port: "out", target: "b", target_port: "in" };

  it("wants an output, an input, and no second wire between them", () => {
    const [output, input] = [aPort("out", true), aPort("in", false)];
    expect(canWire(graph, ends, output, input)).toMatchObject({
      reason: "These two ports are wired already.",
    });
    expect(canWire(graph, ends, input, input)).toMatchObject({ ok: false });
    expect(canWire(graph, ends, output, output)).toMatchObject({ ok: false });
    expect(canWire(graph, ends, undefined, input)).toMatchObject({ ok: false });
    expect(canWire(graph, { ...ends, target: "a" }, output, input).ok).toBe(true);
  });
});

describe("defaultMapping", () => {
  it("pairs equal names of fitting types", () => {
    const source = object({ value: INT, name: TEXT, "user-id": TEXT });
    const target = object({ value: { type: "number" }, name: INT, "user-id": TEXT, other: TEXT });
    expect(defaultMapping(source, target)).toEqual({
      value: "{{ $.value }}",
      "user-id": '{{ $["user-id"] }}',
    });
    expect(defaultMapping(null, target)).toEqual({});
  });
});
