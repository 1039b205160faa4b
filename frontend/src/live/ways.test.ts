import { describe, expect, it } from "vitest";
import type { ModuleTelemetry } from "../core/types";
import { describeLack, describeReplicas, describeWay } from "./ways";

const WHOLE: ModuleTelemetry = {
  module: "common-v1",
  way: "direct",
  replicas: 3,
  linked: 3,
  leader: "modules-0",
  reason: "",
};

describe("describeWay", () => {
  it("says the way, and of how many replicas", () => {
    expect(describeWay(WHOLE)).toBe("direct · 3 replicas");
    expect(describeWay({ ...WHOLE, way: "proxy", linked: 2 })).toBe(
      "through the API server · 2 of 3 replicas",
    );
    expect(describeWay({ ...WHOLE, replicas: 1, linked: 1 })).toBe("direct · 1 replica");
    expect(describeWay({ ...WHOLE, way: "status", linked: 0 })).toBe("status only");
  });
});

describe("describeReplicas", () => {
  it("says who leads", () => {
    expect(describeReplicas(WHOLE)).toBe("3 replicas, modules-0 leads");
    expect(describeReplicas({ ...WHOLE, leader: "" })).toBe("3 replicas, none leads now");
    expect(describeReplicas({ ...WHOLE, replicas: 0, leader: "" })).toBe("nobody now");
  });
});

describe("describeLack", () => {
  it("is silent while everything comes directly, and while it connects", () => {
    expect(describeLack([])).toBe("");
    expect(describeLack([WHOLE, { ...WHOLE, way: "connecting", linked: 0 }])).toBe("");
  });

  it("names the worst there is", () => {
    const none: ModuleTelemetry = { ...WHOLE, way: "status", linked: 0 };
    expect(describeLack([none])).toBe("status only");
    expect(describeLack([WHOLE, none])).toBe("partly");
    expect(describeLack([WHOLE, { ...WHOLE, linked: 2 }])).toBe("partly");
    expect(describeLack([WHOLE, { ...WHOLE, way: "proxy" }])).toBe("via API server");
  });
});
