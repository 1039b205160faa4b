import { requestJson } from "../api/http";
import type { JsonObject, SignalState } from "../core/types";
import type { Choices, Dashboard, PageChange, PageOp } from "./core/types";

export interface PressApi {
  press(node: string, data: JsonObject, key: string): Promise<{ id: string }>;
  signal(id: string): Promise<SignalState>;
}

/** What a dashboard needs from the server. Every call rejects with `Refusal` or `Unreachable`, as `FlowApi` does. */
export interface DashboardApi {
  load(): Promise<Dashboard>;
  change(clientOpId: string, ops: readonly PageOp[]): Promise<PageChange>;
  undo(change: number, clientOpId: string): Promise<PageChange>;
  choices(search: string): Promise<Choices>;
  /** Presses from one page. */
  presses(page: string): PressApi;
}

/** The HTTP API of a project's dashboard: docs/protocols.md section 4. */
export function dashboardApi(project: string): DashboardApi {
  const root = `/api/projects/${encodeURIComponent(project)}/pages`;
  return {
    load: () => requestJson(root),
    change: (id, ops) => requestJson(`${root}/changes`, { method: "POST", body: { client_op_id: id, ops } }),
    undo: (change, id) => requestJson(`${root}/undo`, { method: "POST", body: { change, client_op_id: id } }),
    choices: (search) => requestJson(`${root}/choices?search=${encodeURIComponent(search)}`),
    presses: (page) => pressApi(page),
  };
}

function pressApi(page: string): PressApi {
  const root = `/api/pages/${encodeURIComponent(page)}`;
  return {
    press: (node, data, key) =>
      requestJson(`${root}/nodes/${encodeURIComponent(node)}/control`, {
        method: "POST",
        body: { port: "_control", data },
        headers: { "Idempotency-Key": key },
      }),
    signal: (id) => requestJson(`${root}/signals/${encodeURIComponent(id)}`),
  };
}
