import { expect, it } from "vitest";
import type { Run, RunSpan } from "../core/types";
import { expectable, testOfMessage, testOfRun, testOfScenario } from "./makeTest";

function span(id: string, more: Partial<RunSpan>): RunSpan {
  const none = { parent: null, node: null, port: "in", edge: null, duration_ms: 1, error: null, bytes: 9 };
  return { id, start_ms: 0, host: "h", ...none, ...more };
}

function run(...spans: RunSpan[]): Run {
  const known = { trace: "t", flow: "f", at: 0, node: "a", port: "out", state: "ok", error: null };
  return { ...known, duration_ms: 1, hosts: [], spans } as unknown as Run;
}

it("gives what a run began with and expects what came to each input, without what is another each time", () => {
  const made = testOfRun(
    run(
      span("1", { node: "a", port: "out", message: { n: 1 } }),
      span("2", { node: "b", edge: "e1", message: { text: "one", timestamp: "now" } }),
      span("3", { node: "c", edge: "e2", error: { code: "busy", message: "no", node: "c" } }),
      span("4", { node: "d", edge: "e3" }),
    ),
  );
  expect(made).toEqual({
    given: { at: "a.out", message: { n: 1 } },
    expect: [
      { at: "b.in", message: { text: "one" } },
      { at: "c.in", error: "busy" },
    ],
  });
});

it("makes none of a run whose beginning was not recorded", () => {
  expect(testOfRun(run(span("1", { node: "a", port: "out" })))).toBeNull();
  expect(testOfRun(run(span("1", { node: "a", message: { truncated: true, beginning: "{" } })))).toBeNull();
});

it("gives a scenario's own message", () => {
  const scenario = { id: "s", name: "Rush hour", rev: 1, created_by: "Ada", ports: [] };
  expect(testOfScenario(scenario)).toBeNull();
  const ports = [{ node: "a", port: "out", data: 1 }];
  expect(testOfScenario({ ...scenario, ports })).toEqual({
    given: { at: "a.out" },
    scenario: "Rush hour",
    expect: [],
  });
});

it("gives a message that was seen, and expects what came of it at the other end of the wire", () => {
  const seen = { at: "a.out", message: { n: 1 } };
  const cut = { truncated: true, beginning: "{" };
  expect(testOfMessage(seen)).toEqual({ given: seen, expect: [] });
  expect(testOfMessage(seen, { at: "b.in", message: { text: "one", timestamp: "now" } })).toEqual({
    given: seen,
    expect: [{ at: "b.in", message: { text: "one" } }],
  });
  expect(testOfMessage(seen, { at: "b.in", message: cut })?.expect).toEqual([]);
  expect(testOfMessage({ at: "a.out", message: cut })).toBeNull();
});

it("leaves what is no object as it is", () => {
  expect(expectable([1, 2])).toEqual([1, 2]);
});
