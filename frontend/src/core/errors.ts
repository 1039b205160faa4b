/** The server's word against a request: docs/protocols.md section 4. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: { op?: number; field?: string; by?: string; ways?: string[] } = {},
  ) {
    super(message);
  }
}

/** The request did not get an answer that says anything about it; sending it again is right. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}
