/** For tests: an open flow on a server that answers as told. */

import { render } from "@testing-library/react";
import { vi } from "vitest";

import type { ChangesRequest, FlowApi } from "../core/api";
import { Editor } from "../core/editor";
import { Refusal } from "../core/errors";
import type {
  Can,
  Component,
  LiveFrame,
  LoadedEdge,
  LoadedNode,
  Port,
  Schema,
  SignalState,
  Verdict,
} from "../core/types";
import { Checks } from "../live/checks";
import { noRuns } from "../live/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { Chosen, Inspector } from "./Inspector";

export function port(name: string, source: boolean, schema: Schema | null): Port {
  return { name, label: name, position: source ? 1 : 3, source, schema, configuration: null };
}

export function node(id: string, more: Partial<LoadedNode> = {}): LoadedNode {
  const place = { x: 0, y: 0, label: id, comment: "", group: null, foreign: null, shared: [] };
  return {
    id,
    name: `p.common-v1.counter-${id}`,
    module: "common-v1",
    component: "counter",
    settings: {},
    rev: 1,
    ...place,
    ...more,
  };
}

export function edge(id: string, source: string, target: string, more: Partial<LoadedEdge> = {}): LoadedEdge {
  return { id, source, source_port: "value", target, target_port: "in", mapping: {}, rev: 1, ...more };
}

export const counter: Component = {
  module: "common-v1",
  name: "counter",
  title: "Counter",
  description: "Counts",
  category: "State",
  icon: "counter",
  tags: [],
  ports: [
    port("_settings", false, {
      type: "object",
      additionalProperties: false,
      properties: {
        start: { type: "integer", title: "Start", default: 0, propertyOrder: 1 },
        name: { type: "string", title: "Name of it", propertyOrder: 2 },
      },
    }),
    port("_control", false, {
      type: "object",
      properties: {
        value: { type: "integer", title: "Current value", readonly: true, propertyOrder: 1 },
        updated: { type: "string", title: "Last update", readonly: true, propertyOrder: 2 },
        by: { type: "integer", title: "Step", default: 1, propertyOrder: 3 },
        reset: { type: "boolean", format: "button", title: "Reset counter", propertyOrder: 4 },
      },
    }),
    port("in", false, {
      type: "object",
      required: ["amount"],
      additionalProperties: false,
      properties: {
        amount: { type: "integer", title: "Amount" },
        note: { type: "string", title: "Note", default: "" },
      },
    }),
    port("value", true, {
      type: "object",
      additionalProperties: false,
      properties: {
        value: { type: "integer", title: "Value" },
        operation: { type: "string", title: "Operation" },
      },
    }),
  ],
};

interface Start {
  nodes?: LoadedNode[];
  edges?: LoadedEdge[];
  can?: Can;
  components?: Component[];
  verdicts?: Record<string, Verdict>;
  stack?: FlowApi["stack"];
  presses?: FlowApi["presses"];
  /** Whether somebody runs the module of all nodes. */
  available?: boolean;
}

/** Opens the flow and draws the inspector on it. `requests` are the changes that reached the server. */
export async function openFlow({
  nodes = [],
  edges = [],
  can = { edit: true, control: true },
  components = [counter],
  verdicts = {},
  stack = noRuns.stack,
  presses = () => Promise.resolve({}),
  available = true,
}: Start) {
  const requests: ChangesRequest[] = [];
  let rev = 1;
  let refusal: Refusal | null = null;
  const signal = vi.fn<() => Promise<SignalState>>(() =>
    Promise.resolve({ state: "pending", problem: null }),
  );
  const press = vi.fn<FlowApi["press"]>(() => Promise.resolve({ id: "signal" }));
  const api: FlowApi = {
    load: () =>
      Promise.resolve({
        flow: { id: "f", name: "Visits", rev, project: { id: "p", name: "Web" } },
        nodes,
        edges,
        groups: [],
        notes: [],
        can,
        cluster: { state: "live", reason: "" },
      }),
    catalogue: () =>
      Promise.resolve({ modules: [{ name: "common-v1", version: "1", available }], components }),
    change: (request) => {
      requests.push(request);
      if (refusal) return Promise.reject(refusal);
      rev += 1;
      return Promise.resolve({ rev, prev_rev: rev - 1, ops: request.ops });
    },
    contents: () => Promise.resolve({ rev, nodes: {}, edges: {}, left: [] }),
    find: () => Promise.resolve({ hits: [], cut: false }),
    changes: () => Promise.resolve([]),
    siblings: () => Promise.resolve([]),
    presses,
    ...noRuns,
    undo: () => Promise.reject(new Error("not asked in these tests")),
    validate: () => Promise.resolve([]),
    validation: () => Promise.resolve({ rev, token: "t", full: true, edges: verdicts }),
    press,
    signal,
  };
  const editor = new Editor(api, { load: () => null, save: () => undefined });
  const live = new LiveStore((run) => run());
  const checks = new Checks(api.validation);
  await editor.open();
  await Chosen.fetch();
  const view = render(
    <FlowProvider value={{ editor, live, checks, runs: { ...noRuns, stack }, presses }}>
      <Inspector />
    </FlowProvider>,
  );
  return {
    editor,
    live,
    view,
    checks,
    press,
    requests,
    /** The operations that reached the server, in order. */
    ops: () => requests.flatMap((request) => request.ops),
    refuse: (message: string) => {
      refusal = new Refusal(422, "invalid_settings", message, { op: 0 });
    },
    show: (frame: Partial<LiveFrame>) => live.merge({ full: false, nodes: {}, edges: {}, ...frame }),
  };
}
