import type { Json, JsonObject } from "../core/types";

/** A message at a port, written `<node id>.<port>`: at an input it is delivered there, at an output sent from there. */
export interface Given {
  readonly at: string;
  readonly message?: Json;
  readonly after?: number;
}

/** What an output gives instead of its node being run. */
export interface Answer {
  readonly at: string;
  readonly message?: Json;
}

/** What has to come of it; docs/flow-tests.md says what each member means. */
export interface Expect {
  readonly at?: string;
  readonly message?: Json;
  readonly absent?: boolean;
  readonly count?: number;
  readonly nth?: number;
  readonly error?: Json;
  readonly reply?: Json;
}

export interface TestBody {
  readonly given: Given | readonly Given[];
  readonly expect: readonly Expect[];
  readonly scenario?: string;
  readonly answers?: JsonObject;
  readonly state?: JsonObject;
  readonly now?: string;
  readonly within?: number;
}

export type Outcome = "passed" | "failed" | "error";

export interface Difference {
  readonly pointer: string;
  readonly expected: Json;
  /** Absent where nothing stands. */
  readonly came?: Json;
}

export interface Finding {
  readonly at: string;
  readonly held: boolean;
  readonly text: string;
  readonly count: number;
  readonly differences?: readonly Difference[];
  readonly came?: Json;
}

export interface TestStep {
  readonly at: number;
  readonly wire?: string;
  readonly from?: string;
  readonly to?: string;
  readonly problem?: { readonly code: string; readonly message: string; readonly node?: string };
}

export interface TestResult {
  readonly outcome: Outcome;
  readonly problem?: { readonly code: string; readonly message: string; readonly node?: string };
  readonly findings: readonly Finding[];
  readonly steps: readonly TestStep[];
  readonly wires: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly seconds: number;
  readonly passed: number;
  readonly notes?: readonly string[];
  /** A large one as lists tell it: without findings, steps and notes, and without wires where they are many. */
  readonly cut?: boolean;
}

/** A test as the server keeps it (docs/protocols.md section 4), with what became of it last. */
export interface FlowTest {
  readonly id: string;
  readonly name: string;
  readonly body: TestBody;
  readonly rev: number;
  readonly created_by: string;
  readonly result: TestResult | null;
  readonly ran_at: string | null;
  readonly ran_flow_rev: number;
  readonly ran_rev: number;
}
