/** What is to be said about a wire's mapping; `unverifiable`: only messages will tell. */
export type Outcome = "valid" | "invalid" | "unverifiable";

/** One reason for an outcome, or a warning that does not change it. */
export interface Finding {
  readonly level: "invalid" | "unverifiable" | "warning";
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the mapping. */
  readonly field: string;
  readonly expression?: string;
  /** The character of the expression, from 0. */
  readonly position?: number;
  readonly suggestion?: string;
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
}

/** Verdicts by wire: all (`full`), or those that changed since the token that was sent. */
export interface Validation {
  readonly rev: number;
  readonly token: string;
  readonly full: boolean;
  readonly edges: Readonly<Record<string, Verdict>>;
  /** The name of the scenario whose messages were checked with; null without one. */
  readonly scenario?: string | null;
}
