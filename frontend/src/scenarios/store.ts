import { Refusal } from "../core/errors";
import { newUuid } from "../core/ids";
import { Cell } from "../core/store";
import type { Json } from "../core/types";
import { choose, choiceOf } from "./chosen";
import { scenarioApi, type ScenarioApi } from "./scenarioApi";
import type { Sample, Scenario } from "./types";

export interface Listed {
  readonly scenarios: readonly Scenario[];
  readonly loaded: boolean;
  /** Why the list is not up to date; empty when it is. */
  readonly failure: string;
}

/** The scenarios of one flow, as this page knows them: read when first asked for, and after each write. */
export class Scenarios {
  readonly listed = new Cell<Listed>({ scenarios: [], loaded: false, failure: "" });
  readonly chosen: Cell<string | null>;
  private reading: Promise<void> | null = null;
  /** Edits go one after the other: each is made on what the one before has become. */
  private sending: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    readonly flow: string,
    private readonly api: ScenarioApi = scenarioApi(flow),
  ) {
    this.chosen = choiceOf(flow).id;
  }

  /** Reads the list; several who ask at once share one request. Never rejects: see `failure`. */
  load(): Promise<void> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    return this.reading;
  }

  choose(scenario: string | null): void {
    choose(this.flow, scenario);
  }

  find(scenario: string | null): Scenario | undefined {
    return this.listed.get().scenarios.find(({ id }) => id === scenario);
  }

  /** The message of a port in the chosen scenario; undefined when it has none. */
  sampleOf(node: string, port: string): Json | undefined {
    const found = this.find(this.chosen.get())?.ports;
    return found?.find((sample) => sample.node === node && sample.port === port)?.data;
  }

  /** Rejects as `ScenarioApi` does; so do the ones below. */
  async create(name: string, ports: readonly Sample[]): Promise<Scenario> {
    const made = await this.api.create(newUuid(), name, ports);
    this.put((scenarios) => [...scenarios.filter(({ id }) => id !== made.id), made]);
    return made;
  }

  /**
   * Writes to a scenario at once in this page, and sends it after the edits before it. Rejects as above; the list is
   * then read again, with what somebody else may have made of it.
   */
  edit(id: string, write: (scenario: Scenario) => Scenario): Promise<void> {
    this.put((scenarios) => scenarios.map((one) => (one.id === id ? write(one) : one)));
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
    this.put((scenarios) => scenarios.filter((one) => one.id !== id));
    this.written();
    if (this.chosen.get() === id) this.choose(null);
  }

  private async send(id: string): Promise<void> {
    try {
      const row = this.find(id);
      // Gone meanwhile, here or elsewhere: whoever deleted it has decided.
      if (!row) return;
      const { rev, name, ports } = row;
      const made = await this.api.change(id, { rev, name, ports });
      // While others wait to be sent, only the revision is taken over: they stand in the list already.
      const told = (one: Scenario): Scenario => (this.waiting > 1 ? { ...one, rev: made.rev } : made);
      this.put((scenarios) => scenarios.map((one) => (one.id === id ? told(one) : one)));
      this.written();
    } catch (error) {
      await this.load();
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }

  private written(): void {
    const { writes } = choiceOf(this.flow);
    writes.set(writes.get() + 1);
  }

  private async read(): Promise<void> {
    try {
      this.put(await this.api.list().then((scenarios) => () => scenarios));
    } catch (error) {
      const failure = error instanceof Error ? error.message : "The scenarios cannot be read.";
      this.listed.set({ ...this.listed.get(), loaded: true, failure });
    }
  }

  private put(write: (scenarios: readonly Scenario[]) => readonly Scenario[]): void {
    this.listed.set({ scenarios: write(this.listed.get().scenarios), loaded: true, failure: "" });
  }
}

const known = new Map<string, Scenarios>();

/** The one list of a flow in this page. */
export function scenariosOf(flow: string): Scenarios {
  let found = known.get(flow);
  if (!found) {
    found = new Scenarios(flow);
    known.set(flow, found);
  }
  return found;
}
