import { describe, expect, it } from "vitest";
import { graphOf } from "../graph";
import { aGroup, aNode, anEdge } from "../testing";
import { cardOf, Fold, unfold } from "./fold";

/** in -> a -> b -> out, a and b in a group; and b -> a inside of it. */
function flow(collapsed: boolean, ports: Record<string, string> = {}) {
  return graphOf({
    nodes: [
      aNode("in"),
      aNode("aa", { x: 300, group: "g" }),
      aNode("bb", { x: 100, y: 200, group: "g" }),
      aNode("out"),
    ],
    edges: [
      anEdge("e1", "in", "aa"),
      anEdge("e2", "aa", "bb"),
      anEdge("e3", "bb", "out"),
      anEdge("e4", "aa", "out", { source_port: "error" }),
      anEdge("e5", "in", "bb"),
    ],
    groups: [aGroup("g", { x: 48, y: 96, collapsed, name: "Intake", ports })],
    notes: [],
  });
}

describe("a collapsed group", () => {
  it("is one node in the drawn graph, and the wires inside are not drawn", () => {
    const { nodes, edges } = new Fold().of(flow(true));
    expect([...nodes.keys()]).toEqual(["in", "out", "g"]);
    expect(nodes.get("g")).toMatchObject({ label: "Intake", x: 48, y: 96, module: "" });
    expect(edges.has("e2")).toBe(false);
  });

  it("leaves a graph without collapsed groups as it is", () => {
    const graph = flow(false);
    expect(new Fold().of(graph)).toBe(graph);
  });

  it("has the ports that wires cross its border at, in the order of the nodes inside", () => {
    const fold = new Fold();
    fold.of(flow(true));
    expect(fold.portsOf("g")?.map(({ name, source }) => [name, source])).toEqual([
      ["aa:error:out", true],
      ["aa:in:in", false],
      ["bb:in:in", false],
      ["bb:out:out", true],
    ]);
    expect(fold.portsOf("in")).toBeUndefined();
  });

  it("calls its ports what people called them, else by the node inside", () => {
    const fold = new Fold();
    fold.of(flow(true, { "aa:in:in": "Orders" }));
    expect(fold.portsOf("g")?.map(({ label }) => label)).toEqual(["aa", "Orders", "bb", "bb"]);
  });

  it("keeps the same wires, whose ends can be told from the card's ports", () => {
    const graph = flow(true);
    const wire = new Fold().of(graph).edges.get("e3");
    expect(wire).toMatchObject({ source: "g", source_port: "bb:out:out", target: "out", target_port: "in" });
    expect(unfold(graph, wire as never)).toEqual({
      source: "bb",
      source_port: "out",
      target: "out",
      target_port: "in",
    });
    const plain = { source: "in", source_port: "out", target: "out", target_port: "in" };
    expect(unfold(graph, plain)).toBe(plain);
  });

  it("shows its nodes by its own card", () => {
    expect([cardOf(flow(true), "aa"), cardOf(flow(false), "aa"), cardOf(flow(true), "in")]).toEqual([
      "g",
      "aa",
      "in",
    ]);
  });

  it("keeps the objects of what did not change", () => {
    const fold = new Fold();
    const graph = flow(true);
    const one = fold.of(graph);
    const ports = fold.portsOf("g");
    const other = fold.of({ ...graph, nodes: new Map([...graph.nodes, ["new", aNode("new")]]) });
    expect(other.nodes.get("g")).toBe(one.nodes.get("g"));
    expect(other.edges.get("e3")).toBe(one.edges.get("e3"));
    expect(fold.portsOf("g")).toBe(ports);
  });
});
