import { requestJson } from "../api/http";
import { everyPage } from "../api/pages";
import type { Sample, Scenario } from "./types";

export interface ScenarioChange {
  rev: number;
  name?: string;
  ports?: readonly Sample[];
}

interface ScenariosPage {
  readonly scenarios: readonly Scenario[];
  readonly next: string | null;
}

/** Scenarios of one flow over HTTP. Every call rejects as those of `FlowApi` do. */
export interface ScenarioApi {
  list(): Promise<readonly Scenario[]>;
  create(id: string, name: string, ports: readonly Sample[]): Promise<Scenario>;
  change(id: string, change: ScenarioChange): Promise<Scenario>;
  remove(id: string): Promise<void>;
}

export function scenarioApi(flow: string): ScenarioApi {
  const root = `/api/flows/${encodeURIComponent(flow)}/scenarios`;
  return {
    async list() {
      const pages = await everyPage((query) => requestJson<ScenariosPage>(`${root}${query}`));
      return pages.flatMap(({ scenarios }) => scenarios);
    },
    create: (id, name, ports) => requestJson(root, { method: "POST", body: { id, name, ports } }),
    change: (id, body) => requestJson(`${root}/${encodeURIComponent(id)}`, { method: "PUT", body }),
    async remove(id) {
      await requestJson(`${root}/${encodeURIComponent(id)}`, { method: "DELETE" });
    },
  };
}
