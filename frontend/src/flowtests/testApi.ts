import { requestJson } from "../api/http";
import type { TestsRun } from "../core/testsRun";
import type { FlowTest, TestBody } from "./types";

export interface TestsAnswer {
  /** The flow's revision now. */
  readonly flow_rev: number;
  /** The revision of its tests. */
  readonly rev: number;
  /** All that there are, in their order. */
  readonly ids: readonly string[];
  /** Those whose result is of a flow, a scenario or components as they are no more. */
  readonly stale: readonly string[];
  readonly run: TestsRun | null;
  /** Those that were asked for. */
  readonly tests: readonly FlowTest[];
}

export interface TestChange {
  readonly rev: number;
  readonly name?: string;
  readonly body?: TestBody;
}

/** Tests of one flow over HTTP. Every call rejects as those of `FlowApi` do. */
export interface TestApi {
  /** Those that changed after this revision of the tests; all after 0. */
  list(after: number): Promise<TestsAnswer>;
  /** One with its whole result, however large. */
  read(id: string): Promise<FlowTest>;
  create(id: string, name: string, body: TestBody): Promise<FlowTest>;
  change(id: string, change: TestChange): Promise<FlowTest>;
  remove(id: string): Promise<void>;
  /** Runs these, all without any; answers with them once the run has ended. */
  run(tests: readonly string[] | null): Promise<TestsAnswer>;
  /** Ends the run that is under way. */
  stop(): Promise<TestsAnswer>;
}

export function testApi(flow: string): TestApi {
  const root = `/api/flows/${encodeURIComponent(flow)}/tests`;
  return {
    list: (after) => requestJson(after > 0 ? `${root}?after=${String(after)}` : root),
    read: (id) => requestJson(`${root}/${encodeURIComponent(id)}`),
    create: (id, name, body) => requestJson(root, { method: "POST", body: { id, name, body } }),
    change: (id, body) => requestJson(`${root}/${encodeURIComponent(id)}`, { method: "PUT", body }),
    async remove(id) {
      await requestJson(`${root}/${encodeURIComponent(id)}`, { method: "DELETE" });
    },
    stop: () => requestJson(`${root}/stop`, { method: "POST", body: {} }),
    run: (tests) => requestJson(`${root}/run`, { method: "POST", body: { tests } }),
  };
}
