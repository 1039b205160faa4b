import { describe, expect, it, vi } from "vitest";
import type { Schema } from "../core/types";
import { addOnWire } from "./addOnWire";
import { fitOnWire, insertOps } from "./insert";
import { judgeReconnect, reconnect } from "./reconnect";
import { spliceOut } from "./spliceOut";
import { aComponent, aNode, anEdge, aPort, object, openFlow, PASS, wireOf, wires } from "./testing";

const chain = [aNode("a"), aNode("b", { x: 288 }), aNode("c", { x: 576 })];
const AB = anEdge("ab", "a", "b", { mapping: { x: 1 } });
const joined = [AB, anEdge("bc", "b", "c", { mapping: { y: 2 } })];

const sends = aComponent("sends", [aPort("out", true, { schema: object("name", "age") })]);
const takes = aComponent("takes", [aPort("in", false, { schema: object("name") })]);
const numbers: Schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
const renames = aComponent("renames", [
  aPort("number", false, {
    schema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
  }),
  aPort("in", false, { schema: object("name") }),
  aPort("error", true, { schema: object("name") }),
  aPort("out", true, { schema: object("name", "first") }),
]);
const typed = [sends, takes, renames];
const typedFlow = () =>
  openFlow(
    [aNode("s", { component: "sends" }), aNode("t", { component: "takes", x: 600 })],
    [anEdge("st", "s", "t", { mapping: { name: "{{ $.name }}" } })],
    typed,
  );

describe("a node that is put into a wire", () => {
  it("stands between both ends, as one step with its own adding", async () => {
    const { editor, server } = await openFlow(chain, joined);
    const fitting = fitOnWire(editor, AB, PASS.ports);
    if (!fitting.ok) throw new Error(fitting.reason);
    addOnWire(editor, PASS, { x: 150, y: 100 }, AB);
    const [id] = editor.selection.get().nodes;
    expect(wires(editor)).toEqual([`${String(id)}.out>b.in`, `a.out>${String(id)}.in`, "b.out>c.in"].sort());
    const after = [...editor.graph.edges.values()].find(({ source }) => source === id);
    expect(after?.mapping).toEqual({ x: 1 });
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
  });

  it("takes the ports that fit, an error port last", async () => {
    const { editor } = await typedFlow();
    const fitting = fitOnWire(editor, wireOf(editor, "st"), renames.ports);
    expect(fitting).toMatchObject({ ok: true, fit: { input: { name: "in" }, output: { name: "out" } } });
    if (!fitting.ok) return;
    const [, first, second] = insertOps(editor, wireOf(editor, "st"), "n", fitting.fit);
    expect([first, second]).toMatchObject([
      { target: "n", target_port: "in", mapping: { name: "{{ $.name }}" } },
      { source: "n", source_port: "out", mapping: { name: "{{ $.name }}" } },
    ]);
  });

  it("is refused where it has no way through, or its ports do not fit", async () => {
    const { editor } = await typedFlow();
    const edge = wireOf(editor, "st");
    const reason = (ports: (typeof renames)["ports"]) => {
      const fitting = fitOnWire(editor, edge, ports);
      return fitting.ok ? "" : fitting.reason;
    };
    expect(reason(takes.ports)).toContain("no output");
    expect(reason(sends.ports)).toContain("no input");
    expect(reason([aPort("in", false), aPort("out", true, { schema: numbers })])).toContain("needs name");
  });
});

describe("nodes that are taken out of their wire", () => {
  it("leave their neighbours joined, one node or a piece of the chain", async () => {
    const { editor, server } = await openFlow(
      [...chain, aNode("d")],
      [...joined, anEdge("cd", "c", "d", { mapping: { z: 3 } })],
    );
    editor.select({ nodes: ["b", "c"] });
    spliceOut(editor);
    expect(wires(editor)).toEqual(["a.out>d.in"]);
    expect([...editor.graph.edges.values()][0]?.mapping).toEqual({ z: 3 });
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
  });

  it("stay where it is not one wire in and one out, and the person is told", async () => {
    const { editor } = await openFlow(chain, joined);
    editor.select({ nodes: ["a"] });
    spliceOut(editor);
    expect(editor.graph.nodes.size).toBe(3);
    expect(editor.notices.get()[0]?.message).toContain("one wire in and one out");
  });
});

describe("a wire that is led to another port", () => {
  it("is one step, and keeps its mapping where it fits", async () => {
    const { editor, server } = await openFlow(chain, joined);
    reconnect(editor, AB, { source: "a", source_port: "out", target: "c", target_port: "in" });
    expect(wires(editor)).toEqual(["a.out>c.in", "b.out>c.in"]);
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
  });

  it("says which fields it lost", async () => {
    const { editor } = await openFlow(
      [
        aNode("s", { component: "sends" }),
        aNode("r", { component: "renames" }),
        aNode("t", { component: "takes" }),
      ],
      [
        anEdge("rt", "r", "t", {
          source_port: "out",
          mapping: { name: "{{ $.first }}", x: "{{ $.first }}" },
        }),
      ],
      typed,
    );
    const edge = wireOf(editor, "rt");
    reconnect(editor, edge, { source: "s", source_port: "out", target: "t", target_port: "in" });
    expect([...editor.graph.edges.values()][0]?.mapping).toEqual({ name: "{{ $.name }}" });
    expect(editor.notices.get()[0]?.message).toContain("x of the mapping could not be kept");
  });

  it("may go back to its own port, which changes nothing, but not onto another wire", async () => {
    const { editor, server } = await openFlow(chain, [...joined, anEdge("ac", "a", "c")]);
    const own = { source: "a", source_port: "out", target: "b", target_port: "in" };
    expect(judgeReconnect(editor, AB, own).ok).toBe(true);
    reconnect(editor, AB, own);
    reconnect(editor, AB, { ...own, target: "c" });
    expect(server.received).toEqual([]);
    expect(editor.notices.get()).toHaveLength(1);
  });
});
