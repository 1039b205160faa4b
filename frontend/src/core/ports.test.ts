import { describe, expect, it } from "vitest";
import { findPort, portsOf, takePorts, type OwnPorts } from "./ports";
import { aNode, aPort } from "./testing";

const settings = aPort("_settings", false);
const catalogue = {
  modules: [],
  components: [
    {
      ...{ module: "common-v1", name: "router", title: "Router", description: "", category: "", icon: "" },
      tags: [],
      ports: [settings, aPort("in", false), aPort("default", true)],
    },
  ],
};
const router = aNode("r", { component: "router" });
const NONE: OwnPorts = new Map();

describe("takePorts", () => {
  it("keeps a node's own ports until they are said to be the component's again", () => {
    const ports = [aPort("in", false), aPort("big", true)];
    const first = takePorts(NONE, { full: true, nodes: { r: { ports } } });
    expect(first.get("r")).toBe(ports);
    expect(takePorts(first, { full: false, nodes: { r: { state: "idle" } } })).toBe(first);
    expect(takePorts(first, { full: false, nodes: { r: { ports: null } } }).has("r")).toBe(false);
  });

  it("is the same map when a reconnect repeats what is known", () => {
    const ports = [aPort("big", true)];
    const first = takePorts(NONE, { full: true, nodes: { r: { ports } } });
    expect(takePorts(first, { full: true, nodes: { r: { ports: structuredClone(ports) } } })).toBe(first);
  });

  it("forgets nodes that a full frame does not name", () => {
    const first = takePorts(NONE, { full: true, nodes: { r: { ports: [aPort("big", true)] } } });
    expect(takePorts(first, { full: true, nodes: {} }).size).toBe(0);
  });
});

describe("portsOf", () => {
  it("is the component's list for a node without its own", () => {
    expect(portsOf(catalogue, NONE, router)).toBe(catalogue.components[0]?.ports);
    expect(portsOf(catalogue, NONE, aNode("x", { component: "unknown" }))).toEqual([]);
  });

  it("puts the node's own ports in place of the component's, beside its settings", () => {
    const own = new Map([["r", [aPort("in", false), aPort("big", true)]]]);
    const ports = portsOf(catalogue, own, router);
    expect(ports.map(({ name }) => name)).toEqual(["_settings", "in", "big"]);
    expect(portsOf(catalogue, own, router)).toBe(ports);
    expect(findPort(ports, "default", true)).toBeUndefined();
  });

  it("has those of the component first, in its order, though a node tells its own by name", () => {
    const own = new Map([["r", ["big", "default", "in", "small"].map((name) => aPort(name, name !== "in"))]]);
    const names = portsOf(catalogue, own, router).map(({ name }) => name);
    expect(names).toEqual(["_settings", "in", "default", "big", "small"]);
  });
});
