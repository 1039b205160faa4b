import { requestJson } from "../api/http";
import type { FlowTest, TestBody } from "./types";

export interface TestsAnswer {
  /** The flow's revision now. */
  readonly flow_rev: number;
  readonly tests: readonly FlowTest[];
}

export interface TestChange {
  readonly rev: number;
  readonly name?: string;
  readonly body?: TestBody;
}

/** Tests of one flow over HTTP. Every call rejects as those of `FlowApi` do. */
export interface TestApi {
  list(): Promise<TestsAnswer>;
  create(id: string, name: string, body: TestBody): Promise<FlowTest>;
  change(id: string, change: TestChange): Promise<FlowTest>;
  remove(id: string): Promise<void>;
  /** Runs these, all without any; answers once all have ended. */
  run(tests: readonly string[] | null): Promise<TestsAnswer>;
}

export function testApi(flow: string): TestApi {
  const root = `/api/flows/${encodeURIComponent(flow)}/tests`;
  return {
    list: () => requestJson(root),
    create: (id, name, body) => requestJson(root, { method: "POST", body: { id, name, body } }),
    change: (id, body) => requestJson(`${root}/${encodeURIComponent(id)}`, { method: "PUT", body }),
    async remove(id) {
      await requestJson(`${root}/${encodeURIComponent(id)}`, { method: "DELETE" });
    },
    run: (tests) => requestJson(`${root}/run`, { method: "POST", body: { tests } }),
  };
}
