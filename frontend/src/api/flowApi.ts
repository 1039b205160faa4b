import type { FlowApi, FlowName } from "../core/api";
import type { Change, FieldProblem } from "../core/types";
import { requestJson } from "./http";

/** The HTTP API of one flow: docs/protocols.md section 4. */
export function flowApi(flow: string): FlowApi {
  const root = `/api/flows/${encodeURIComponent(flow)}`;
  const node = (id: string) => `${root}/nodes/${encodeURIComponent(id)}`;
  return {
    load: () => requestJson(root),
    contents: (nodes, edges) => requestJson(`${root}/contents`, { method: "POST", body: { nodes, edges } }),
    find: (words) => requestJson(`${root}/find?q=${encodeURIComponent(words)}`),
    change: (body) => requestJson(`${root}/changes`, { method: "POST", body }),
    undo: (body) => requestJson(`${root}/undo`, { method: "POST", body }),
    catalogue: () => requestJson(`${root}/catalogue`),
    async changes(after) {
      const answer = await requestJson<{ changes: Change[] }>(`${root}/changes?after=${String(after)}`);
      return answer.changes;
    },
    press: (id, data, key) =>
      requestJson(`${node(id)}/control`, {
        method: "POST",
        body: { port: "_control", data },
        headers: { "Idempotency-Key": key },
      }),
    async presses(id) {
      const answer = await requestJson<{ pressed: Record<string, { by: string; at: string }> }>(
        `${node(id)}/presses`,
      );
      return answer.pressed;
    },
    signal: (id) => requestJson(`${root}/signals/${encodeURIComponent(id)}`),
    async validate(id, settings) {
      const body = { node: id, settings };
      const answer = await requestJson<{ errors: FieldProblem[] }>(`${root}/validate`, {
        method: "POST",
        body,
      });
      return answer.errors;
    },
    async siblings() {
      return (await requestJson<{ flows: FlowName[] }>(`${root}/siblings`)).flows;
    },
    runs: () => requestJson(`${root}/runs`),
    run: (trace) => requestJson(`${root}/runs/${encodeURIComponent(trace)}`),
    stack: (id) => requestJson(`${node(id)}/stack`),
    validation(since, scenario) {
      const query = new URLSearchParams(scenario ? { since, scenario } : { since });
      return requestJson(`${root}/validation?${query.toString()}`);
    },
  };
}
