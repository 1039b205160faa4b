import { expect, it } from "vitest";
import { aNode } from "../testing";
import type { NodeLive } from "../types";
import { summaryOf, summaryText } from "./summary";

const nodes = [aNode("a"), aNode("b"), aNode("c")];

it("shows the worst state and sums what was counted", () => {
  const live: Record<string, NodeLive> = {
    a: { state: "running", stats: { count: 3, rate: 1.5 } },
    b: { state: "running", error: { code: "x", message: "No" }, stats: { count: 4, rate: 2 } },
  };
  const summary = summaryOf(nodes, (id) => live[id]);
  expect(summary).toEqual({ nodes: 3, state: "error", failing: 1, count: 7, rate: 3.5 });
  expect(summaryText(summary)).toBe("1 of 3 nodes failing · 3.5/s");
});

it("is idle where nothing is known, and says how many nodes it stands for", () => {
  expect(summaryText(summaryOf([aNode("a")], () => undefined))).toBe("1 node");
  expect(summaryOf([], () => undefined).state).toBe("idle");
});
