import type { Completion, MappingApi } from "../core/mappingTypes";
import { requestJson } from "./http";

/** The HTTP API of one flow's mappings: docs/protocols.md section 4. */
export function mappingApi(flow: string): MappingApi {
  const at = (edge: string, what: string) =>
    `/api/flows/${encodeURIComponent(flow)}/edges/${encodeURIComponent(edge)}/${what}`;
  return {
    ends: (edge) => requestJson(at(edge, "ends")),
    preview: (edge, body) => requestJson(at(edge, "preview"), { method: "POST", body }),
    async complete(edge, text, cursor) {
      const body = { text, cursor: [...text.slice(0, cursor)].length };
      const path = at(edge, "completion");
      const answer = await requestJson<{ completions: Completion[] }>(path, { method: "POST", body });
      const letters = [...text];
      const unit = (place: number) => letters.slice(0, place).join("").length;
      return answer.completions.map((one) => ({ ...one, start: unit(one.start), end: unit(one.end) }));
    },
  };
}
