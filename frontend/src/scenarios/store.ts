import { EditedRows } from "../core/editedRows";
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
export class Scenarios extends EditedRows<Scenario> {
  readonly listed = new Cell<Listed>({ scenarios: [], loaded: false, failure: "" });
  readonly chosen: Cell<string | null>;

  constructor(
    readonly flow: string,
    private readonly api: ScenarioApi = scenarioApi(flow),
  ) {
    super();
    this.chosen = choiceOf(flow).id;
  }

  choose(scenario: string | null): void {
    choose(this.flow, scenario);
  }

  /** The message of a port in the chosen scenario; undefined when it has none. */
  sampleOf(node: string, port: string): Json | undefined {
    const found = this.find(this.chosen.get())?.ports;
    return found?.find((sample) => sample.node === node && sample.port === port)?.data;
  }

  /** Rejects as `ScenarioApi` does; so do the ones below. */
  async create(name: string, ports: readonly Sample[]): Promise<Scenario> {
    return this.added(await this.api.create(newUuid(), name, ports));
  }

  override async remove(id: string): Promise<void> {
    await super.remove(id);
    if (this.chosen.get() === id) this.choose(null);
  }

  protected rows(): readonly Scenario[] {
    return this.listed.get().scenarios;
  }

  protected put(write: (scenarios: readonly Scenario[]) => readonly Scenario[]): void {
    this.listed.set({ scenarios: write(this.rows()), loaded: true, failure: "" });
  }

  protected failed(error: unknown): void {
    const failure = error instanceof Error ? error.message : "The scenarios cannot be read.";
    this.listed.set({ ...this.listed.get(), loaded: true, failure });
  }

  protected list(): Promise<readonly Scenario[]> {
    return this.api.list();
  }

  protected change({ id, rev, name, ports }: Scenario): Promise<Scenario> {
    return this.api.change(id, { rev, name, ports });
  }

  protected erase(id: string): Promise<void> {
    return this.api.remove(id);
  }

  protected override written(): void {
    const { writes } = choiceOf(this.flow);
    writes.set(writes.get() + 1);
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
