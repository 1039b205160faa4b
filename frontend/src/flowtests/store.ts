import { EditedRows } from "../core/editedRows";
import { newUuid } from "../core/ids";
import { Cell } from "../core/store";
import { testApi, type TestApi } from "./testApi";
import type { FlowTest, TestBody } from "./types";

export interface Listed {
  readonly tests: readonly FlowTest[];
  readonly flowRev: number;
  readonly loaded: boolean;
  /** Why the list is not up to date; empty when it is. */
  readonly failure: string;
}

const NONE: ReadonlySet<string> = new Set();

/** The tests of one flow, as this page knows them: read when first asked for, and after each write and run. */
export class Tests extends EditedRows<FlowTest> {
  readonly listed = new Cell<Listed>({ tests: [], flowRev: 0, loaded: false, failure: "" });
  /** Those that are being run. */
  readonly running = new Cell<ReadonlySet<string>>(NONE);

  constructor(
    readonly flow: string,
    private readonly api: TestApi = testApi(flow),
  ) {
    super();
  }

  /** Rejects as `TestApi` does; so do the ones below. */
  async create(name: string, body: TestBody): Promise<FlowTest> {
    return this.added(await this.api.create(newUuid(), name, body));
  }

  /** Runs these, or all, once their edits are kept. */
  async run(ids: readonly string[] | null): Promise<readonly FlowTest[]> {
    const wanted = ids ?? this.rows().map(({ id }) => id);
    this.running.set(new Set([...this.running.get(), ...wanted]));
    try {
      await this.sending;
      const { flow_rev: flowRev, tests } = await this.api.run(ids);
      const came = new Map(tests.map((test) => [test.id, test]));
      this.put((before) => before.map((one) => withResult(one, came.get(one.id))), flowRev);
      return tests;
    } finally {
      this.running.set(new Set([...this.running.get()].filter((id) => !wanted.includes(id))));
    }
  }

  protected rows(): readonly FlowTest[] {
    return this.listed.get().tests;
  }

  protected put(write: (tests: readonly FlowTest[]) => readonly FlowTest[], flowRev = 0): void {
    const before = this.listed.get();
    const rev = Math.max(flowRev, before.flowRev);
    this.listed.set({ tests: write(before.tests), flowRev: rev, loaded: true, failure: "" });
  }

  protected failed(error: unknown): void {
    const failure = error instanceof Error ? error.message : "The tests cannot be read.";
    this.listed.set({ ...this.listed.get(), loaded: true, failure });
  }

  protected async list(): Promise<readonly FlowTest[]> {
    const { tests, flow_rev: flowRev } = await this.api.list();
    this.put((before) => before, flowRev);
    return tests;
  }

  protected change({ id, rev, name, body }: FlowTest): Promise<FlowTest> {
    return this.api.change(id, { rev, name, body });
  }

  protected erase(id: string): Promise<void> {
    return this.api.remove(id);
  }

  protected override meanwhile(test: FlowTest, { rev, ran_rev }: FlowTest): FlowTest {
    return { ...test, rev, ran_rev };
  }
}

function withResult(test: FlowTest, came: FlowTest | undefined): FlowTest {
  if (!came) return test;
  const { result, ran_at, ran_flow_rev, ran_rev } = came;
  return { ...test, result, ran_at, ran_flow_rev, ran_rev };
}

/** Whether what became of it may be another by now: the test or the flow has been edited since. */
export function isStale(test: FlowTest, flowRev: number): boolean {
  return test.result !== null && (test.ran_rev < test.rev || test.ran_flow_rev < flowRev);
}

const known = new Map<string, Tests>();

/** The one list of a flow in this page. */
export function testsOf(flow: string): Tests {
  let found = known.get(flow);
  if (!found) {
    found = new Tests(flow);
    known.set(flow, found);
  }
  return found;
}
