import { Cell } from "../core/store";
import type { TestsRun } from "../core/testsRun";

export interface TestsTold {
  /** The newest revision of the tests that was told of; 0: nothing is known to have changed. */
  readonly rev: number;
  /** Undefined: nothing was said of it. */
  readonly run: TestsRun | null | undefined;
}

/** What the first screen knows of tests: that there is something newer. The tests themselves come with their own code. */
export class TestHints {
  readonly told = new Cell<TestsTold>({ rev: 0, run: undefined });
  /** Somebody wants all tests to be run; whoever begins that sets false. */
  readonly wish = new Cell(false);

  /** A connection stands: how far a run was may have been told on the one before. */
  greeted(rev: number): void {
    this.told.set({ rev: Math.max(rev, this.told.get().rev), run: undefined });
  }

  hear(rev: number, run: TestsRun | null): void {
    if (rev > this.told.get().rev) this.told.set({ rev, run });
  }
}

/** Those of the flow that this page shows. */
export const testHints = new TestHints();
