export interface RefusalDetails {
  /** The operation, by its place in the batch. */
  op?: number;
  field?: string;
  /** Whose work stands in the way, in which change they did it, and what is gone by it. */
  by?: string;
  change?: number;
  thing?: string;
  ways?: string[];
  /** What is wrong with a file, each with its line where that is known. */
  faults?: readonly { line: number; path: string; message: string }[];
}

/** The server's word against a request: docs/protocols.md section 4. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}

/** The request did not get an answer that says anything about it; sending it again is right. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}
