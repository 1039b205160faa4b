import { describe, expect, it } from "vitest";
import type { Connection } from "../core/editorTypes";
import type { ModuleTelemetry } from "../core/types";
import { describeConnection } from "./ConnectionPill";
import { findEntries } from "./findEntries";

const MODULE: ModuleTelemetry = {
  module: "common-v1",
  way: "direct",
  replicas: 1,
  linked: 1,
  leader: "modules-0",
  reason: "",
};
const LIVE: Connection = {
  socket: "live",
  cluster: "live",
  telemetry: "direct",
  reason: "",
  modules: [MODULE],
};
const CALM = { pending: 0, stalled: false, signedOut: false };

describe("describeConnection", () => {
  it("says live, and when figures come from the status only", () => {
    expect(describeConnection(LIVE, CALM).text).toBe("Live");
    const unlinked: Connection = {
      ...LIVE,
      telemetry: "status",
      modules: [{ ...MODULE, way: "status", linked: 0 }],
    };
    expect(describeConnection(unlinked, CALM)).toMatchObject({
      state: "running",
      text: "Live · status only",
    });
  });

  it("says that edits are kept while the server is away", () => {
    const queue = { ...CALM, pending: 2, stalled: true };
    expect(describeConnection({ ...LIVE, socket: "reconnecting" }, queue).text).toBe(
      "Reconnecting · 2 edits kept",
    );
  });

  it("gives the cluster's reason, and puts being signed out first", () => {
    const unreachable: Connection = { ...LIVE, cluster: "unreachable", reason: "Connection refused" };
    expect(describeConnection(unreachable, CALM)).toMatchObject({
      text: "Cluster unreachable",
      detail: "Connection refused",
    });
    expect(describeConnection(unreachable, { ...CALM, signedOut: true }).text).toBe("Signed out");
  });
});

describe("findEntries", () => {
  const entry = (name: string) => ({ key: name, kind: "Node", name, run: () => undefined });
  const names = (query: string) =>
    findEntries(query, ["Visits", "GET /visits", "Debug"].map(entry)).map(({ name }) => name);

  it("finds every word anywhere, beginnings first", () => {
    expect(names("vis")).toEqual(["Visits", "GET /visits"]);
    expect(names("visits get")).toEqual(["GET /visits"]);
    expect(names("")).toHaveLength(3);
    expect(names("node debug")).toEqual(["Debug"]);
  });

  it("puts what was chosen last first, but behind what begins with the query", () => {
    const entries = ["Visits", "GET /visits", "Debug"].map(entry);
    const found = (query: string) =>
      findEntries(query, entries, ["Debug", "GET /visits"]).map(({ name }) => name);
    expect(found("")).toEqual(["Debug", "GET /visits", "Visits"]);
    expect(found("vis")).toEqual(["Visits", "GET /visits"]);
  });
});
