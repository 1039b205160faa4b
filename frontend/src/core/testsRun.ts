/** A run of a flow's tests, the last one: whose, of which, how far it is, how it ended (docs/protocols.md section 4). */
export interface TestsRun {
  readonly id: string;
  readonly by: string;
  readonly began: string;
  readonly tests: readonly string[];
  /** How many have ended. */
  readonly done: number;
  /** The one that is being run, or was when the run broke off. */
  readonly test: string | null;
  /** Null while it goes on. */
  readonly ended: string | null;
  /** Why not all were run. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly stopped_by: string | null;
}
