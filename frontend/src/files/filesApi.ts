import { requestJson } from "../api/http";
import { Unreachable } from "../core/errors";
import type { FilesApi, Plan, Template } from "./types";

/** Files of one flow and its project by the HTTP API: docs/protocols.md section 4. */
export function filesApi(project: string, flow: string): FilesApi {
  const own = `/api/flows/${encodeURIComponent(flow)}`;
  const post = <T>(url: string, body: unknown): Promise<T> => requestJson(url, { method: "POST", body });
  return {
    download: `${own}/export`,
    plan: (text) => post<Plan>("/api/import/plan", { text, project }),
    bringIn: (text, opId, at) => post(`${own}/import`, { text, client_op_id: opId, ...at }),
    addSecret: (name, key, value) =>
      post(`/api/projects/${encodeURIComponent(project)}/secrets`, { name, key, value }),
    templates: async () =>
      (await requestJson<{ templates: readonly Template[] }>("/api/templates")).templates,
    template: async (id) => {
      const [folder = "", name = ""] = id.split("/");
      const url = `/api/templates/${encodeURIComponent(folder)}/${encodeURIComponent(name)}`;
      return (await requestJson<{ text: string }>(url)).text;
    },
    text: async () => {
      const answer = await fetch(`${own}/export`, { credentials: "same-origin" });
      if (!answer.ok) throw new Unreachable("The flow could not be exported: try again in a moment.");
      return answer.text();
    },
  };
}
