import { describe, expect, it } from "vitest";
import { EMPTY_CATALOGUE } from "../core/catalogue";
import { graphOf } from "../core/graph";
import { applyOps } from "../core/operations";
import { aNode, anEdge, aPort } from "../core/testing";
import type { Catalogue, Port } from "../core/types";
import { CanvasEdges } from "./canvasEdges";
import { CanvasNodes } from "./canvasNodes";

const catalogue: Catalogue = {
  modules: [],
  components: [
    {
      module: "common-v1",
      name: "debug",
      title: "Debug",
      description: "",
      category: "",
      icon: "",
      tags: [],
      ports: [aPort("in", false), aPort("out", true)],
    },
  ],
};
const graph = graphOf({ nodes: [aNode("a"), aNode("b"), aNode("c")], edges: [anEdge("ab", "a", "b")] });
const none = {
  ownPorts: new Map<string, Port[]>(),
  selected: new Set<string>(),
  dragged: new Map<string, { x: number; y: number }>(),
};

describe("CanvasNodes", () => {
  it("gives size and port places up front", () => {
    const [a] = new CanvasNodes().build({ graph, catalogue, ...none });
    expect(a).toMatchObject({ width: 200, height: 64, measured: { width: 200, height: 64 } });
    expect(a?.handles).toContainEqual(
      expect.objectContaining({ id: "out", type: "source", position: "right", x: 195, y: 27, width: 10 }),
    );
  });

  it("keeps the object of a node that did not change", () => {
    const nodes = new CanvasNodes();
    const before = nodes.build({ graph, catalogue, ...none });
    const moved = applyOps(graph, [{ op: "set_node", id: "a", fields: { x: 24 } }]).graph;
    const after = nodes.build({ graph: moved, catalogue, ...none, selected: new Set(["b"]) });
    expect(after.map((node, at) => node === before[at])).toEqual([false, false, true]);
  });

  it("makes both ends anew when a wire comes, and only those", () => {
    const nodes = new CanvasNodes();
    const before = nodes.build({ graph, catalogue, ...none });
    const { graph: wired } = applyOps(graph, [
      { op: "add_edge", id: "bc", source: "b", source_port: "out", target: "c", target_port: "in" },
    ]);
    const after = nodes.build({ graph: wired, catalogue, ...none });
    expect(after.map((node, at) => node === before[at])).toEqual([true, false, false]);
    expect(after.map(({ data }) => data.wired)).toEqual([">out", "in\n>out", "in"]);
  });

  it("draws the ports that a node has of its own", () => {
    const nodes = new CanvasNodes();
    const before = nodes.build({ graph, catalogue, ...none });
    const ownPorts = new Map([["c", [aPort("in", false), aPort("big", true), aPort("small", true)]]]);
    const after = nodes.build({ graph, catalogue, ...none, ownPorts });
    expect(after.map((node, at) => node === before[at])).toEqual([true, true, false]);
    expect(after[2]?.handles?.map(({ id }) => id)).toEqual(["in", "big", "small"]);
  });

  it("follows a drag, and shows missing ports of unknown components", () => {
    const nodes = new CanvasNodes();
    const dragged = new Map([["a", { x: 7, y: 8 }]]);
    const [a] = nodes.build({ graph, catalogue: EMPTY_CATALOGUE, ...none, dragged });
    expect(a?.position).toEqual({ x: 7, y: 8 });
    expect(a?.data.layout.ports).toMatchObject([{ name: "out", missing: true }]);
  });
});

describe("CanvasEdges", () => {
  it("keeps the object of a wire that did not change", () => {
    const edges = new CanvasEdges();
    const [before] = edges.build(graph, new Set());
    expect(edges.build(graph, new Set())[0]).toBe(before);
    expect(edges.build(graph, new Set(["ab"]))[0]).toMatchObject({ selected: true, sourceHandle: "out" });
  });
});
