import type { FlowApi } from "./api";
import { backoff } from "./backoff";
import type { Press, PressState } from "./editorTypes";
import { Refusal } from "./errors";
import { newUuid } from "./ids";
import { Cell } from "./store";
import type { JsonObject, Problem } from "./types";

/** How long a control may take to answer before we stop asking. */
const GIVE_UP_MS = 60_000;
/** The end usually comes on the live stream; this is how often we ask when it does not. */
const ASK_EVERY_MS = 3000;
const RETRY_FIRST_MS = 300;
const RETRY_MOST_MS = 5000;
/** Ends that came before the answer that names them. */
const MAX_EARLY = 100;

interface End {
  phase: "done" | "failed";
  problem: Problem | null;
}

/** Controls that were pressed and have not ended. The idempotency key makes every retry the same press. */
export class Presses {
  private readonly waiting = new Map<string, (end: End) => void>();
  private readonly early = new Map<string, End>();

  constructor(private readonly api: Pick<FlowApi, "press" | "signal">) {}

  press(node: string, data: JsonObject): Press {
    const key = newUuid();
    const cell = new Cell<PressState>({ key, node, phase: "sending", problem: null });
    const ended = this.run(cell, node, data, key).catch((error: unknown): PressState => {
      const problem: Problem = { code: "press_failed", message: messageOf(error), node };
      const state: PressState = { key, node, phase: "failed", problem };
      cell.set(state);
      return state;
    });
    return { get: cell.get, subscribe: cell.subscribe, then: ended.then.bind(ended) };
  }

  /** The live stream says how a press ended. */
  ended(id: string, end: End): void {
    const finish = this.waiting.get(id);
    if (finish) {
      finish(end);
      return;
    }
    this.early.set(id, end);
    if (this.early.size > MAX_EARLY) this.early.delete(this.early.keys().next().value as string);
  }

  private async run(
    cell: Cell<PressState>,
    node: string,
    data: JsonObject,
    key: string,
  ): Promise<PressState> {
    const until = Date.now() + GIVE_UP_MS;
    const { id } = await persist(() => this.api.press(node, data, key), until);
    cell.set({ ...cell.get(), phase: "pending" });
    const end = this.early.get(id) ?? (await this.end(id, until));
    this.early.delete(id);
    const state: PressState = { key, node, ...end };
    cell.set(state);
    return state;
  }

  /** Whatever comes first: the live stream's word, or the answer to our own question. */
  private end(id: string, until: number): Promise<End> {
    return new Promise((resolve, reject) => {
      let asking = false;
      const timer = setInterval(() => {
        if (Date.now() > until) {
          stop();
          reject(
            new Error("The control did not answer within 60 s. It may still act; look at the node's state."),
          );
        } else if (!asking) {
          asking = true;
          void ask().finally(() => (asking = false));
        }
      }, ASK_EVERY_MS);
      const stop = (): void => {
        clearInterval(timer);
        this.waiting.delete(id);
      };
      const finish = (end: End): void => {
        stop();
        resolve(end);
      };
      const ask = async (): Promise<void> => {
        try {
          const { state, problem } = await this.api.signal(id);
          if (state !== "pending") finish({ phase: state, problem });
        } catch (error) {
          if (!(error instanceof Refusal)) return;
          stop();
          reject(error);
        }
      };
      this.waiting.set(id, finish);
    });
  }
}

/** Tries until the server has said yes or no, or time is up. */
async function persist<T>(attempt: () => Promise<T>, until: number): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = backoff(tries, RETRY_FIRST_MS, RETRY_MOST_MS);
      if (error instanceof Refusal || Date.now() + wait > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The control could not be pressed.";
}
