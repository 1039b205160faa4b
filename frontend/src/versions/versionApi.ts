import { requestJson } from "../api/http";
import type { VersionApi } from "./types";

/** The HTTP API of one flow's versions: docs/protocols.md section 4. */
export function versionApi(flow: string): VersionApi {
  const root = `/api/flows/${encodeURIComponent(flow)}/versions`;
  const at = (ref: string) => `${root}/${encodeURIComponent(ref)}`;
  const between = (a: string, b: string) => `${at(a)}/diff/${encodeURIComponent(b)}`;
  return {
    list: (before) => requestJson(before === undefined ? root : `${root}?before=${String(before)}`),
    create: (body) => requestJson(root, { method: "POST", body }),
    remove: (id) => requestJson(at(id), { method: "DELETE" }),
    open: (ref) => requestJson(at(ref)),
    contents: (ref, nodes, edges) =>
      requestJson(`${at(ref)}/contents`, { method: "POST", body: { nodes, edges } }),
    diff: (a, b) => requestJson(between(a, b)),
    textAt: (a, b) => `${between(a, b)}?as=text`,
    restore: (ref, body) => requestJson(`${at(ref)}/restore`, { method: "POST", body }),
  };
}
