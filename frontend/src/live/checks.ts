import { backoff } from "../core/backoff";
import { Refusal, Unreachable } from "../core/errors";
import { Cell, KeyedListeners, type Listener, type Unsubscribe } from "../core/store";
import type { Validation, Verdict } from "../core/types";

/** Edits come in bursts (typing, a drag of many): one reading answers for all within this. */
const GATHER_MS = 250;
const RETRY_FIRST_MS = 1_000;
const RETRY_MOST_MS = 30_000;

/**
 * What the server says about the mapping of every wire. It is asked anew when something has changed that may
 * bear on it, one request at a time, and answers with what is different from before.
 */
export class Checks {
  /** The name of the scenario whose messages the verdicts were made with; null without one. */
  readonly scenario = new Cell<string | null>(null);
  private verdicts = new Map<string, Verdict>();
  private token = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private again = false;
  private closed = false;
  private attempt = 0;
  private readonly keyed = new KeyedListeners();
  private readonly all = new Set<(touched: ReadonlySet<string>) => void>();

  constructor(private readonly read: (since: string) => Promise<Validation>) {}

  verdict = (edge: string): Verdict | undefined => this.verdicts.get(edge);

  /** Woken when another thing is to be said of this wire. */
  subscribe(edge: string, listener: Listener): Unsubscribe {
    return this.keyed.subscribe(edge, listener);
  }

  /** Woken when another thing is to be said of any wire, with the ids of those. */
  subscribeAll = (listener: (touched: ReadonlySet<string>) => void): Unsubscribe => {
    this.all.add(listener);
    return () => this.all.delete(listener);
  };

  /** Something changed: ask again, soon. */
  refresh(): void {
    this.attempt = 0;
    this.ask(GATHER_MS);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private ask(after: number): void {
    if (this.closed) return;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), after);
  }

  /** Never rejects: what failed for a while is asked again, what was refused waits for the next change. */
  private async run(): Promise<void> {
    this.running = true;
    let retry = false;
    try {
      this.take(await this.read(this.token));
      this.attempt = 0;
    } catch (error) {
      retry = error instanceof Unreachable || (error instanceof Refusal && error.status === 503);
    }
    this.running = false;
    if (this.again) {
      this.again = false;
      this.ask(GATHER_MS);
    } else if (retry) {
      this.ask(backoff(this.attempt++, RETRY_FIRST_MS, RETRY_MOST_MS));
    }
  }

  private take({ full, token, edges, scenario = null }: Validation): void {
    this.scenario.set(scenario);
    const touched = new Set(Object.keys(edges));
    if (full) {
      for (const id of this.verdicts.keys()) touched.add(id);
      this.verdicts = new Map();
    }
    for (const [id, verdict] of Object.entries(edges)) this.verdicts.set(id, verdict);
    this.token = token;
    this.keyed.notify(touched);
    if (touched.size) for (const listener of [...this.all]) listener(touched);
  }
}
