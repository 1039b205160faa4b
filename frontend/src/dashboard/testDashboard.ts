/** For tests: a dashboard on a server that answers as told. */

import type { Component } from "../core/types";
import type { DashboardApi } from "./api";
import { applyOps } from "./core/apply";
import type { Dashboard, Page, PageChange, PageOp, Widget, WidgetNode } from "./core/types";

export function page(id: string, more: Partial<Page> = {}): Page {
  return { id, name: `Page ${id}`, operators: "editors", position: 0, ...more };
}

export function widget(id: string, on: string, more: Partial<Widget> = {}): Widget {
  return { id, page: on, node: "n", title: "", x: 0, y: 0, w: 2, h: 4, schema_patch: [], ...more };
}

export function widgetNode(id: string, more: Partial<WidgetNode> = {}): WidgetNode {
  const flow = { id: "f", name: "Visits" };
  return { id, label: "Visits today", module: "common-v1", component: "counter", flow, pressed: {}, ...more };
}

export const counterComponent: Component = {
  module: "common-v1",
  name: "counter",
  title: "Counter",
  description: "Counts",
  category: "State",
  icon: "counter",
  tags: [],
  ports: [
    {
      name: "_control",
      label: "Control",
      position: 0,
      source: true,
      configuration: null,
      schema: {
        type: "object",
        properties: {
          value: { type: "integer", title: "Current value", readonly: true, propertyOrder: 1 },
          reset: { type: "boolean", format: "button", title: "Reset", propertyOrder: 2 },
        },
      },
    },
  ],
};

export function dashboard(more: Partial<Dashboard> = {}): Dashboard {
  return {
    rev: 1,
    project: { id: "project", name: "Web" },
    pages: [],
    widgets: [],
    nodes: [widgetNode("n")],
    components: [counterComponent],
    available: ["common-v1"],
    can: { edit: true, control: true, manage: true },
    ...more,
  };
}

/** `hold` keeps answers back until `release`; `fail` makes the next change fail once. */
export function fakeApi(first: Dashboard) {
  let stands = first;
  let failure: Error | null = null;
  let held: Promise<void> | null = null;
  let letGo: () => void = () => undefined;
  const sent: { id: string; ops: readonly PageOp[] }[] = [];
  const undone: number[] = [];
  const answer = (ops: readonly PageOp[], id: string): PageChange => {
    const change = { rev: stands.rev + 1, prev_rev: stands.rev, client_op_id: id, ops };
    stands = { ...stands, ...applyOps(stands, ops), rev: change.rev };
    return change;
  };
  const api: DashboardApi = {
    load: () => Promise.resolve(stands),
    change: async (id, ops) => {
      sent.push({ id, ops });
      if (held) await held;
      const error = failure;
      failure = null;
      if (error) throw error;
      return answer(ops, id);
    },
    undo: (change, id) => {
      undone.push(change);
      return Promise.resolve(answer([], id));
    },
    choices: () => Promise.resolve({ nodes: [widgetNode("n")], components: [counterComponent], more: false }),
    presses: () => ({
      press: () => Promise.resolve({ id: "signal" }),
      signal: () => Promise.resolve({ state: "pending", problem: null }),
    }),
  };
  return {
    ...api,
    sent,
    undone,
    /** A change of somebody else. */
    theirs: (...ops: PageOp[]) => answer(ops, "theirs"),
    hold: () => {
      held = new Promise((resolve) => (letGo = resolve));
    },
    release: () => {
      held = null;
      letGo();
    },
    fail: (error: Error) => {
      failure = error;
    },
  };
}
