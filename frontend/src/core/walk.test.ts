import { expect, it } from "vitest";
import { graphOf } from "./graph";
import { aNode, anEdge } from "./testing";
import { firstNode, neighbour } from "./walk";

/** One source, two targets below each other, and a node that nothing leads to. */
const GRAPH = graphOf({
  nodes: [
    aNode("source", { x: 0, y: 100 }),
    aNode("upper", { x: 300, y: 0 }),
    aNode("lower", { x: 300, y: 220 }),
    aNode("alone", { x: 0, y: 600 }),
  ],
  edges: [anEdge("1", "source", "upper"), anEdge("2", "source", "lower"), anEdge("3", "lower", "source")],
});
const step = (from: string, direction: "left" | "right" | "up" | "down") =>
  neighbour(GRAPH, from, direction)?.id;

it("goes right along the wire that leads to the nearest node, and left against it", () => {
  expect(step("source", "right")).toBe("upper");
  expect(step("upper", "left")).toBe("source");
});

it("follows wires also where they lead back", () => {
  expect(step("lower", "right")).toBe("source");
  expect(step("source", "left")).toBe("lower");
});

it("goes up and down among siblings", () => {
  expect(step("upper", "down")).toBe("lower");
  expect(step("lower", "up")).toBe("upper");
});

it("goes to the nearest card where no wire leads, and nowhere at the edge of the flow", () => {
  expect(step("source", "down")).toBe("alone");
  expect(step("alone", "up")).toBe("source");
  expect(step("alone", "down")).toBeUndefined();
  expect(neighbour(GRAPH, "gone", "up")).toBeUndefined();
});

it("begins at the topmost of the leftmost", () => {
  expect(firstNode(GRAPH)?.id).toBe("source");
  expect(firstNode(graphOf({ nodes: [], edges: [] }))).toBeUndefined();
});
