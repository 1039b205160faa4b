import { EditedRows } from "../core/editedRows";
import { newUuid } from "../core/ids";
import { Cell } from "../core/store";
import type { TestsRun } from "../core/testsRun";
import { testApi, type TestApi, type TestsAnswer } from "./testApi";
import type { FlowTest, TestBody } from "./types";

export interface Listed {
  readonly tests: readonly FlowTest[];
  readonly flowRev: number;
  /** Tests whose result is of a flow, a scenario or components as they are no more. */
  readonly stale: ReadonlySet<string>;
  readonly loaded: boolean;
  /** Why the list is not up to date; empty when it is. */
  readonly failure: string;
}

/** How far the last run is, as this page was told last. */
export interface Running {
  readonly run: TestsRun | null;
  /** Of the tests: what is told later of an earlier one is left alone. */
  readonly rev: number;
  /** Tests that this page has asked for, whose run has not been told of yet. */
  readonly asked: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The tests of one flow, as this page knows them: read when first asked for, then what is newer, after each write and whenever
 * the server says that there is something.
 */
export class Tests extends EditedRows<FlowTest> {
  readonly listed = new Cell<Listed>({ tests: [], flowRev: 0, stale: NONE, loaded: false, failure: "" });
  readonly running = new Cell<Running>({ run: null, rev: 0, asked: NONE });
  /** The revision of the tests up to which everything is here. */
  private seen = 0;
  private wanted = 0;
  private catching = false;

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

  /** Runs these, or all, once their edits are kept; until the run has ended. */
  async run(ids: readonly string[] | null): Promise<void> {
    const asked = new Set(ids ?? this.rows().map(({ id }) => id));
    this.running.set({ ...this.running.get(), asked });
    try {
      await this.sending;
      this.take(await this.api.run(ids), false);
    } finally {
      if (this.running.get().asked === asked) this.running.set({ ...this.running.get(), asked: NONE });
    }
  }

  /** Reads all of what became of a test, where the list tells only a part. */
  async whole(id: string): Promise<void> {
    if (this.find(id)?.result?.cut !== true) return;
    const came = await this.api.read(id);
    this.put((tests) => tests.map((one) => (one.id === id ? withResult(one, came) : one)));
  }

  async stop(): Promise<void> {
    this.take(await this.api.stop(), false);
  }

  /** The server says that the tests are at this revision, and how far a run is. */
  async told(rev: number, run: TestsRun | null): Promise<void> {
    this.heard(rev, run);
    this.wanted = Math.max(this.wanted, rev);
    if (this.catching) return;
    this.catching = true;
    try {
      for (let before = -1; this.seen < this.wanted && this.seen > before;) {
        before = this.seen;
        await this.load();
      }
    } finally {
      this.catching = false;
    }
  }

  protected rows(): readonly FlowTest[] {
    return this.listed.get().tests;
  }

  protected put(write: (tests: readonly FlowTest[]) => readonly FlowTest[]): void {
    const before = this.listed.get();
    this.listed.set({ ...before, tests: write(before.tests), loaded: true, failure: "" });
  }

  protected failed(error: unknown): void {
    const failure = error instanceof Error ? error.message : "The tests cannot be read.";
    this.listed.set({ ...this.listed.get(), loaded: true, failure });
  }

  protected async list(): Promise<readonly FlowTest[]> {
    // What was edited here and not answered yet may have been refused: how it stands there is asked for then.
    const answer = await this.api.list(this.waiting === 0 ? this.seen : 0);
    const rows = new Map(this.rows().map((test) => [test.id, test]));
    // An edit may have been answered since this was read: that is the newer one.
    for (const test of answer.tests) {
      const before = rows.get(test.id);
      if (test.rev >= (before?.rev ?? 0)) rows.set(test.id, withWhole(test, before));
    }
    this.take(answer, this.waiting === 0);
    return answer.ids.flatMap((id) => rows.get(id) ?? []);
  }

  protected async change({ id, rev, name, body }: FlowTest): Promise<FlowTest> {
    return withWhole(await this.api.change(id, { rev, name, body }), this.find(id));
  }

  protected erase(id: string): Promise<void> {
    return this.api.remove(id);
  }

  protected override meanwhile(test: FlowTest, { rev, ran_rev }: FlowTest): FlowTest {
    return { ...test, rev, ran_rev };
  }

  /** What an answer says beside the rows that were asked for; those of a run are results alone. */
  private take(answer: TestsAnswer, whole: boolean): void {
    const before = this.listed.get();
    if (whole) this.seen = answer.rev;
    if (answer.flow_rev >= before.flowRev) {
      this.listed.set({ ...before, flowRev: answer.flow_rev, stale: new Set(answer.stale) });
    }
    this.heard(answer.rev, answer.run);
    if (whole) return;
    const came = new Map(answer.tests.map((test) => [test.id, test]));
    this.put((tests) => tests.map((one) => withResult(one, came.get(one.id))));
  }

  private heard(rev: number, run: TestsRun | null): void {
    const before = this.running.get();
    if (rev < before.rev) return;
    const asked = run?.id === before.run?.id ? before.asked : NONE;
    this.running.set({ run, rev, asked });
  }
}

/** The row, with all of its result where that is here already. */
function withWhole(test: FlowTest, before: FlowTest | undefined): FlowTest {
  const known = test.result?.cut === true && before?.ran_at === test.ran_at ? before.result : null;
  return known === null ? test : { ...test, result: known };
}

function withResult(test: FlowTest, came: FlowTest | undefined): FlowTest {
  if (!came || came.ran_at === null || (test.ran_at !== null && came.ran_at < test.ran_at)) return test;
  const { result, ran_at, ran_flow_rev, ran_rev } = withWhole(came, test);
  return { ...test, result, ran_at, ran_flow_rev, ran_rev };
}

/** Whether what became of it may be another by now: the test, or something that matters to it, has been edited since. */
export function isStale(test: FlowTest, stale: ReadonlySet<string>): boolean {
  return test.result !== null && (test.ran_rev < test.rev || stale.has(test.id));
}

/** Whether something is being run, or is about to be. */
export function isRunning({ run, asked }: Running): boolean {
  return asked.size > 0 || (run !== null && run.ended === null);
}

export type Phase = "rests" | "waits" | "runs";

/** What a test is at. */
export function phaseOf(id: string, { run, asked }: Running): Phase {
  if (run === null || run.ended !== null) return asked.has(id) ? "waits" : "rests";
  if (run.test === id) return "runs";
  return run.tests.indexOf(id) >= run.done ? "waits" : "rests";
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
