/** What is asked about one wire while its mapping is written: docs/protocols.md, section 4. */

import type { Finding, Json, JsonObject, Schema } from "./types";

/** The schemas of a wire's two ports as they are for it (null: anything), and a made-up message of its source. */
export interface WireEnds {
  readonly source: Schema | null;
  readonly target: Schema | null;
  readonly message: Json;
}

export interface PreviewRequest {
  readonly mapping: JsonObject;
  /** Absent: the made-up one. */
  readonly message?: Json;
  /** Where the message came from, in words. */
  readonly name?: string;
}

export interface Preview {
  readonly outcome: "valid" | "invalid" | "unverifiable";
  readonly findings: readonly Finding[];
  /** What the target would get, null at the places of `failed`: JSON pointers, with the reason. */
  readonly value: Json;
  readonly failed: Readonly<Record<string, string>>;
}

/** `insert` goes in the place of the characters from `start` to `end`, as JavaScript counts them. */
export interface Completion {
  readonly kind: "field" | "function" | "constant" | "operator";
  readonly label: string;
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  readonly detail: string;
  readonly doc: string;
}

/** Every call rejects as those of `FlowApi` do. */
export interface MappingApi {
  ends(edge: string): Promise<WireEnds>;
  preview(edge: string, request: PreviewRequest): Promise<Preview>;
  complete(edge: string, text: string, cursor: number): Promise<Completion[]>;
}
