import { describe, expect, it } from "vitest";
import { cardState } from "./cardState";
import { aNode } from "./testing";
import type { Component, NodeLive, Push } from "./types";

const component: Component = {
  module: "common-v1",
  name: "debug",
  title: "Debug",
  description: "",
  category: "",
  icon: "",
  tags: [],
  ports: [],
};
const KNOWN = { component, catalogueRead: true, moduleAvailable: true };
const push = (state: Push["state"], problem: Push["problem"] = null): Push => ({ state, rev: 2, problem });
const of = (live: NodeLive | undefined, known = KNOWN, node = aNode("a")) => cardState(node, live, known);

describe("cardState", () => {
  it("shows value and rate, latency where there is room for it, else the component's title", () => {
    const live: NodeLive = {
      state: "running",
      value: "42",
      stats: { rate: 1234, p95_ms: 14.4 },
      push: push("observed"),
    };
    expect(of(live)).toMatchObject({
      state: "running",
      value: "42",
      text: "1.2k/s",
      changed: false,
    });
    expect(of({ ...live, value: "" })).toMatchObject({ value: "", text: "1.2k/s · p95 14 ms" });
    expect(of({ state: "idle" })).toMatchObject({ value: "", text: "Debug" });
  });

  it("does not repeat the card's name, but says what the component does", () => {
    const known = { ...KNOWN, component: { ...component, description: "Shows what passes" } };
    expect(of({ state: "idle" }, known, aNode("a", { label: "Debug" })).text).toBe("Shows what passes");
    expect(of({ state: "idle" }, known, aNode("a", { label: "" })).text).toBe("Shows what passes");
    expect(of({ state: "idle" }, known, aNode("a", { label: "Visits" })).text).toBe("Debug");
  });

  it("tells a node the cluster never had from one with changes", () => {
    expect(of(undefined, KNOWN, aNode("a", { rev: 0 }))).toMatchObject({
      fresh: true,
      text: "Not on the cluster yet",
    });
    expect(of({ push: push("pending") })).toMatchObject({ fresh: true, changed: true });
    expect(of({ state: "running", push: push("applied") })).toMatchObject({ fresh: false, changed: true });
  });

  it("puts an error before everything else", () => {
    const problem = { code: "x", message: "Port 8080 is taken." };
    expect(of({ state: "running", error: problem })).toMatchObject({ state: "error", text: problem.message });
    expect(of({ push: push("failed", problem) })).toMatchObject({ state: "error", problem });
  });

  it("names what is missing: the component, or its module's host", () => {
    const unknown = { ...KNOWN, component: undefined as unknown as Component };
    expect(of({ state: "running" }, unknown).text).toMatch(/No component debug in common-v1/);
    expect(of({ state: "running" }, { ...unknown, catalogueRead: false }).state).toBe("running");
    expect(of({ state: "running" }, { ...KNOWN, moduleAvailable: false })).toMatchObject({
      state: "waiting",
      text: "Module common-v1 is not running",
    });
  });

  it("says waiting in words", () => {
    expect(of({ state: "waiting", value: "queue 3" })).toMatchObject({
      value: "",
      text: "Waiting · queue 3",
    });
  });
});
