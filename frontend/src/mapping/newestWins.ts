/** Asks one question at a time; of those that come meanwhile, only the newest is asked. */

import { backoff } from "../core/backoff";
import { Unreachable } from "../core/errors";

/** Keys that are pressed together are one question; milliseconds. */
const GATHER_MS = 10;
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 5_000;

export interface Told<Answer> {
  answer: (answer: Answer) => void;
  /** Nothing can be said now: the reason. What could not be reached is asked again. */
  failed: (reason: string) => void;
}

/** Answers come in the order of their questions, as there is never more than one under way. */
export class NewestWins<Question, Answer> {
  private waiting: { question: Question } | null = null;
  private running = false;
  private closed = false;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: (question: Question) => Promise<Answer>,
    private readonly told: Told<Answer>,
  ) {}

  ask(question: Question): void {
    this.waiting = { question };
    this.attempt = 0;
    if (!this.running) this.soon(GATHER_MS);
  }

  close(): void {
    this.closed = true;
    this.waiting = null;
    clearTimeout(this.timer);
  }

  private soon(after: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), after);
  }

  private async run(): Promise<void> {
    const next = this.waiting;
    if (!next || this.closed) return;
    this.waiting = null;
    this.running = true;
    let again = 0;
    try {
      const answer = await this.send(next.question);
      if (!this.closed) this.told.answer(answer);
      this.attempt = 0;
    } catch (error) {
      if (!this.closed) this.told.failed(error instanceof Error ? error.message : "It cannot be asked now.");
      if (error instanceof Unreachable) {
        this.waiting ??= next;
        again = backoff(this.attempt++, RETRY_FIRST_MS, RETRY_MOST_MS);
      }
    }
    this.running = false;
    if (this.waiting && !this.closed) this.soon(again);
  }
}
