import { expect, it } from "vitest";
import { heldOf, lightsOf } from "./lights";
import type { TestResult } from "./types";

const RESULT: TestResult = {
  outcome: "failed",
  findings: [
    { at: "b.in", held: true, text: "", count: 1 },
    { at: "b.in", held: false, text: "", count: 1 },
    { at: "c.in", held: true, text: "", count: 1 },
    { at: "reply", held: false, text: "", count: 1 },
  ],
  steps: [
    { at: 0, from: "a.out" },
    { at: 0, wire: "w1", from: "a.out", to: "b.in" },
    { at: 0, wire: "w2", from: "b.out", to: "c.in", problem: { code: "x", message: "no" } },
  ],
  wires: { w1: 1, w2: 1, w3: 7 },
  messages: 5,
  seconds: 0.01,
  passed: 0,
};

it("lights the way that messages took, and tells what failed apart", () => {
  expect(Object.fromEntries(lightsOf(RESULT))).toEqual({
    a: "past",
    b: "failed",
    c: "lit",
    w1: "lit",
    w2: "failed",
    w3: "lit",
  });
});

it("counts expectations by the node they are about", () => {
  expect(Object.fromEntries(heldOf(RESULT))).toEqual({
    b: { held: 1, failed: 1 },
    c: { held: 1, failed: 0 },
  });
});
