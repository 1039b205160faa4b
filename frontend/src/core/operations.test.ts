import { describe, expect, it } from "vitest";
import { schemasOf } from "./contents";
import { graphOf } from "./graph";
import { applyOps, fitsDocument } from "./operations";
import { aGroup, aNode, anEdge, aNote } from "./testing";

const graph = graphOf({
  nodes: [aNode("a"), aNode("b", { settings: { path: "/", tags: ["x"] } }), aNode("c")],
  edges: [anEdge("ab", "a", "b"), anEdge("bc", "b", "c")],
});

describe("applyOps", () => {
  it("changes what it names and shares the rest", () => {
    const outcome = applyOps(graph, [{ op: "set_node", id: "a", fields: { x: 24 } }]);
    expect(outcome.graph.nodes.get("a")).toMatchObject({ x: 24, y: 0 });
    expect(outcome.graph.nodes.get("b")).toBe(graph.nodes.get("b"));
    expect(outcome.graph.edges).toBe(graph.edges);
    expect([...outcome.touched]).toEqual(["a"]);
    expect(graph.nodes.get("a")?.x).toBe(0);
  });

  it("takes a deleted node's wires along", () => {
    const outcome = applyOps(graph, [{ op: "delete_node", id: "b" }]);
    expect([...outcome.graph.edges.keys()]).toEqual([]);
    expect([...outcome.touched].sort()).toEqual(["ab", "b", "bc"]);
  });

  it("writes the revision of a confirmed change, and none while it is on its way", () => {
    const op = { op: "add_node", id: "n", module: "m", component: "c", x: 0, y: 0 } as const;
    expect(applyOps(graph, [op], 7).graph.nodes.get("n")?.rev).toBe(7);
    expect(applyOps(graph, [op]).graph.nodes.get("n")?.rev).toBe(0);
  });

  it("sets, adds to and removes single settings", () => {
    const { settings } = applyOps(graph, [
      { op: "set_setting", id: "b", path: ["tags", 1], value: "y" },
      { op: "set_setting", id: "b", path: ["auth", "kind"], value: "none" },
      { op: "set_setting", id: "b", path: ["path"] },
    ]).graph.nodes.get("b") as { settings: unknown };
    expect(settings).toEqual({ tags: ["x", "y"], auth: { kind: "none" } });
  });

  it("keeps what is said of definitions by port, and no port of which nothing is said", () => {
    const said = { op: "set_schema", id: "a", port: "in", definition: "m.Order" } as const;
    const one = applyOps(graph, [{ ...said, schema: { type: "string" } }]).graph;
    expect(schemasOf(one.nodes.get("a"))).toEqual({ in: { "m.Order": { type: "string" } } });
    expect(schemasOf(applyOps(one, [said]).graph.nodes.get("a"))).toEqual({});
  });

  it("adds, changes and deletes groups and notes with what they leave out filled in", () => {
    const place = { x: 0, y: 24, width: 240, height: 96 };
    const added = applyOps(graph, [
      { op: "add_group", id: "g", name: "Intake", ...place },
      { op: "add_note", id: "n", ...place },
      { op: "set_note", id: "n", fields: { text: "# Why" } },
      { op: "set_group", id: "g", fields: { collapsed: true } },
    ]);
    expect(added.graph.groups.get("g")).toEqual({
      ...{ id: "g", name: "Intake", colour: "grey", collapsed: true, ports: {}, rev: 0 },
      ...place,
    });
    expect(added.graph.notes.get("n")).toMatchObject({ text: "# Why", colour: "amber" });
    expect(added.graph.nodes).toBe(graph.nodes);
    const gone = applyOps(added.graph, [
      { op: "delete_group", id: "g" },
      { op: "delete_note", id: "n" },
    ]);
    expect([gone.graph.groups.size, gone.graph.notes.size]).toEqual([0, 0]);
  });

  it("leaves a deleted group's nodes where they are, outside of it", () => {
    const grouped = graphOf({
      nodes: [aNode("a", { group: "g" }), aNode("b", { group: "h" })],
      edges: [],
      groups: [aGroup("g"), aGroup("h")],
      notes: [aNote("n")],
    });
    const { nodes, groups } = applyOps(grouped, [{ op: "delete_group", id: "g" }]).graph;
    expect([...nodes.values()].map(({ group }) => group)).toEqual([null, "h"]);
    expect([...groups.keys()]).toEqual(["h"]);
  });

  it("shows a shared node as another flow's, and takes it out with its wires", () => {
    const node = aNode("z", { foreign: { id: "f1", name: "Home" } });
    const shared = applyOps(graph, [
      { op: "share_node", id: "z", flow: "f2", node },
      { op: "add_edge", id: "az", source: "a", source_port: "out", target: "z", target_port: "in" },
    ]);
    expect(shared.graph.nodes.get("z")?.foreign?.name).toBe("Home");
    const gone = applyOps(shared.graph, [{ op: "unshare_node", id: "z", flow: "f2" }]).graph;
    expect([gone.nodes.has("z"), gone.edges.has("az")]).toEqual([false, false]);
  });

  it("knows at home where a node is shared", () => {
    const once = applyOps(graph, [{ op: "share_node", id: "a", flow: "f2" }]).graph;
    expect(once.nodes.get("a")?.shared).toEqual(["f2"]);
    expect(
      applyOps(once, [{ op: "unshare_node", id: "a", flow: "f2" }]).graph.nodes.get("a")?.shared,
    ).toEqual([]);
  });

  it("moves a node away, keeps it shown where wires stay, and takes in what arrives", () => {
    const gone = applyOps(graph, [
      { op: "move_node", id: "a", flow: "f2", name: "Other", keep: false },
    ]).graph;
    expect([gone.nodes.has("a"), gone.edges.has("ab")]).toEqual([false, false]);
    const kept = applyOps(graph, [{ op: "move_node", id: "a", flow: "f2", name: "Other", keep: true }]).graph;
    expect(kept.nodes.get("a")?.foreign).toEqual({ id: "f2", name: "Other" });
    expect(kept.edges.has("ab")).toBe(true);
    const back = applyOps(kept, [{ op: "move_node", id: "a", flow: "f1", node: aNode("a", { x: 9 }) }]).graph;
    expect(back.nodes.get("a")).toMatchObject({ foreign: null, x: 9 });
  });

  it("skips what has nothing to act on", () => {
    const outcome = applyOps(graph, [
      { op: "set_node", id: "gone", fields: { x: 1 } },
      { op: "add_edge", id: "e", source: "a", source_port: "out", target: "gone", target_port: "in" },
      { op: "add_node", id: "a", module: "m", component: "c", x: 0, y: 0 },
    ]);
    expect(outcome.skipped).toHaveLength(3);
    expect(outcome.graph).toBe(graph);
  });

  it("accepts wires listed after the node that took them along, and nothing else, as fitting", () => {
    const deleted = applyOps(graph, [
      { op: "delete_node", id: "b" },
      { op: "delete_edge", id: "ab" },
    ]);
    expect(fitsDocument(deleted)).toBe(true);
    expect(fitsDocument(applyOps(graph, [{ op: "delete_node", id: "gone" }]))).toBe(false);
  });
});
