import { expect, test } from "vitest";
import type { FlowEdge, FlowNode } from "../core/types";
import type { Graph } from "../core/graph";
import { inNames, nextInput } from "./places";

const IDS = ["orders000000", "choose000000", "ask000000000", "small0000000"] as const;
const [ORDERS, CHOOSE, ASK, SMALL] = IDS;

function wire(source: string, source_port: string, target: string, target_port: string): [string, FlowEdge] {
  return [`${source}${source_port}`, { source, source_port, target, target_port } as FlowEdge];
}

const GRAPH = {
  nodes: new Map(
    IDS.map((id) => [id, { id, label: id === ASK ? "Ask" : "", component: "debug" } as FlowNode]),
  ),
  edges: new Map([
    wire(ORDERS, "out", CHOOSE, "in"),
    wire(CHOOSE, "large", ASK, "request"),
    wire(CHOOSE, "small", SMALL, "in"),
  ]),
} as unknown as Graph;

test("what is expected next is the nearest input behind what is given of which nothing is expected", () => {
  const body = (at: string, ...expected: string[]) => ({
    given: { at },
    expect: expected.map((one) => ({ at: one, message: {} })),
  });
  expect(nextInput(body(`${ORDERS}.out`), GRAPH)).toBe(`${CHOOSE}.in`);
  expect(nextInput(body(`${ORDERS}.out`, `${CHOOSE}.in`), GRAPH)).toBe(`${ASK}.request`);
  expect(nextInput(body(`${ORDERS}.out`, `${CHOOSE}.in`, `${ASK}.request`), GRAPH)).toBe(`${SMALL}.in`);
  expect(nextInput(body(`${CHOOSE}.small`), GRAPH)).toBe(`${SMALL}.in`);
  expect(nextInput(body(`${CHOOSE}.in`), GRAPH)).toBe(`${ASK}.request`);
  expect(nextInput(body(`${SMALL}.in`), GRAPH)).toBe(`${SMALL}.in`);
});

test("a sentence of the runner calls nodes as people do, and leaves other words alone", () => {
  expect(inNames(`no message came to ${ASK}.request`, GRAPH)).toBe("no message came to “Ask · request”");
  expect(inNames(`${SMALL} failed, interference2 did not`, GRAPH)).toBe(
    "“debug” failed, interference2 did not",
  );
});
