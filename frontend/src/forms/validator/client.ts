/** The page's side of the validator worker: a bounded queue in which the newest question of a topic wins. */

import type { FieldError, Json, Schema } from "../schema/types";
import { isLarge, MAX_CHECKED } from "../schema/large";
import { MAX_KEPT, type CheckReply, type CheckRequest } from "./protocol";

/** Questions that wait; beyond it the oldest is let go unanswered. */
const MAX_WAITING = 64;
/** A schema may hold a pattern that never ends: the worker is then replaced. Milliseconds. */
const PATIENCE = 2_000;

/** The part of a Worker that is used here. */
export interface WorkerLike {
  postMessage(message: CheckRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<CheckReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Question {
  topic: string;
  schema: Schema;
  value: Json;
  answer: (errors: FieldError[] | null) => void;
}

export class ValidatorClient {
  readonly #start: () => WorkerLike;
  /** Keyed by topic, oldest first. */
  readonly #waiting = new Map<string, Question>();
  #worker: WorkerLike | null = null;
  #asked: { id: number; question: Question; timer: ReturnType<typeof setTimeout> } | null = null;
  #lastId = 0;
  /** Numbers of the schemas that the worker has. */
  #sent = new WeakMap<object, number>();
  #lastSchema = 0;

  /** `start` makes a worker; it is called at the first question and again after a worker has failed. */
  constructor(start: () => WorkerLike) {
    this.#start = start;
  }

  /**
   * Complaints about `value`; null when nobody could check it: a newer question of the same topic took its place, the queue was
   * full, the schema cannot be used, the value is too large to be copied each time, or the worker failed. Never rejects.
   */
  check(topic: string, schema: Schema, value: Json): Promise<FieldError[] | null> {
    if (isLarge(value, MAX_CHECKED)) return Promise.resolve(null);
    return new Promise((answer) => {
      this.#waiting.get(topic)?.answer(null);
      this.#waiting.delete(topic);
      this.#waiting.set(topic, { topic, schema, value, answer });
      const [oldest] = this.#waiting.values();
      if (this.#waiting.size > MAX_WAITING && oldest) {
        this.#waiting.delete(oldest.topic);
        oldest.answer(null);
      }
      this.#next();
    });
  }

  #next(): void {
    const [question] = this.#waiting.values();
    if (this.#asked || !question) return;
    this.#waiting.delete(question.topic);
    const id = (this.#lastId += 1);
    this.#asked = { id, question, timer: setTimeout(() => this.#fail(), PATIENCE) };
    try {
      this.#worker ??= this.#open();
      this.#worker.postMessage({ id, value: question.value, ...this.#named(question.schema) });
    } catch {
      this.#fail();
    }
  }

  /** A schema goes over once, and by its number after that: copying it takes longer than a value does. */
  #named(schema: Schema): Pick<CheckRequest, "of" | "schema"> {
    const known = this.#sent.get(schema);
    if (known !== undefined && known > this.#lastSchema - MAX_KEPT) return { of: known };
    this.#lastSchema += 1;
    this.#sent.set(schema, this.#lastSchema);
    return { of: this.#lastSchema, schema };
  }

  #open(): WorkerLike {
    this.#sent = new WeakMap();
    const worker = this.#start();
    worker.onmessage = ({ data }) => {
      if (data.id === this.#asked?.id) this.#finish(data.errors);
    };
    worker.onerror = () => this.#fail();
    return worker;
  }

  #fail(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#finish(null);
  }

  #finish(errors: FieldError[] | null): void {
    const asked = this.#asked;
    if (!asked) return;
    clearTimeout(asked.timer);
    this.#asked = null;
    asked.question.answer(errors);
    this.#next();
  }
}

/** The page's validator. */
export const validator = new ValidatorClient(
  () =>
    new Worker(new URL("./validate.worker.ts", import.meta.url), { type: "module", name: "form validator" }),
);
