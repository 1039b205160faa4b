import { Refusal } from "../core/errors";
import { newUuid } from "../core/ids";
import { Cell } from "../core/store";
import { testApi, type TestApi, type TestsAnswer } from "./testApi";
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
export class Tests {
  readonly listed = new Cell<Listed>({ tests: [], flowRev: 0, loaded: false, failure: "" });
  /** Those that are being run. */
  readonly running = new Cell<ReadonlySet<string>>(NONE);
  private reading: Promise<void> | null = null;
  /** Edits go one after the other: each is made on what the one before has become. */
  private sending: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    readonly flow: string,
    private readonly api: TestApi = testApi(flow),
  ) {}

  /** Reads the list; several who ask at once share one request. Never rejects: see `failure`. */
  load(): Promise<void> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    return this.reading;
  }

  find(id: string | null): FlowTest | undefined {
    return this.listed.get().tests.find((test) => test.id === id);
  }

  /** Rejects as `TestApi` does; so do the ones below. */
  async create(name: string, body: TestBody): Promise<FlowTest> {
    const made = await this.api.create(newUuid(), name, body);
    this.put((tests) => [...tests.filter(({ id }) => id !== made.id), made]);
    return made;
  }

  /**
   * Writes to a test at once in this page, and sends it after the edits before it. Rejects as above; the list is then
   * read again, with what somebody else may have made of it.
   */
  edit(id: string, write: (test: FlowTest) => FlowTest): Promise<void> {
    this.put((tests) => tests.map((one) => (one.id === id ? write(one) : one)));
    this.waiting += 1;
    const sent = this.sending.then(() => this.send(id));
    this.sending = sent.catch(() => undefined);
    return sent;
  }

  async remove(id: string): Promise<void> {
    try {
      await this.api.remove(id);
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 404)) throw error;
    }
    this.put((tests) => tests.filter((one) => one.id !== id));
  }

  /** Runs these, or all, once their edits are kept. */
  async run(ids: readonly string[] | null): Promise<readonly FlowTest[]> {
    const wanted = ids ?? this.listed.get().tests.map(({ id }) => id);
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

  private async send(id: string): Promise<void> {
    try {
      const row = this.find(id);
      // Gone meanwhile, here or elsewhere: whoever deleted it has decided.
      if (!row) return;
      const { rev, name, body } = row;
      const made = await this.api.change(id, { rev, name, body });
      // While others wait to be sent, only the revision is taken over: they stand in the list already.
      const { rev: now, ran_rev } = made;
      const told = (one: FlowTest): FlowTest => (this.waiting > 1 ? { ...one, rev: now, ran_rev } : made);
      this.put((tests) => tests.map((one) => (one.id === id ? told(one) : one)));
    } catch (error) {
      await this.load();
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }

  private async read(): Promise<void> {
    try {
      const answer: TestsAnswer = await this.api.list();
      // What is being edited stands here in a newer form than there.
      if (this.waiting === 0) this.put(() => answer.tests, answer.flow_rev);
    } catch (error) {
      const failure = error instanceof Error ? error.message : "The tests cannot be read.";
      this.listed.set({ ...this.listed.get(), loaded: true, failure });
    }
  }

  private put(write: (tests: readonly FlowTest[]) => readonly FlowTest[], flowRev?: number): void {
    const before = this.listed.get();
    const rev = Math.max(flowRev ?? 0, before.flowRev);
    this.listed.set({ tests: write(before.tests), flowRev: rev, loaded: true, failure: "" });
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
