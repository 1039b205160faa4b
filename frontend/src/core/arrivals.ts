import { Unreachable } from "./errors";

/** A revision that does not come within this long is fetched by others; who waits for it is told. */
const PATIENCE_MS = 15_000;

interface Waiter {
  readonly rev: number;
  readonly resolve: () => void;
}

/** Who waits for the document stream to come to a revision. */
export class Arrivals {
  private waiters: Waiter[] = [];

  /** Rejects with `Unreachable` when it takes too long. */
  wait(rev: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters = this.waiters.filter((one) => one !== waiter);
        reject(new Unreachable("The newest changes of this flow did not arrive."));
      }, PATIENCE_MS);
      const waiter: Waiter = {
        rev,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.waiters.push(waiter);
    });
  }

  reached(rev: number): void {
    const here = this.waiters.filter((one) => one.rev <= rev);
    if (here.length === 0) return;
    this.waiters = this.waiters.filter((one) => one.rev > rev);
    for (const { resolve } of here) resolve();
  }
}
