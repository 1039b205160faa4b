import { requestJson } from "../api/http";
import type { Json } from "../core/types";

/** A message as the port's schema asks for it, made up by the server; an empty one where it cannot: it can be filled in all the same. */
export async function madeUp(flow: string, node: string, port: string): Promise<Json> {
  const root = `/api/flows/${encodeURIComponent(flow)}/nodes/${encodeURIComponent(node)}`;
  try {
    const answer = await requestJson<{ data: Json }>(`${root}/sample?port=${encodeURIComponent(port)}`);
    return answer.data ?? {};
  } catch {
    return {};
  }
}
