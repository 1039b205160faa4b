/** What the page and the validator worker say to each other. */

import type { FieldError, Json, Schema } from "../schema/types";

/** Schemas that the worker keeps: the last so many that were sent. */
export const MAX_KEPT = 32;

export interface CheckRequest {
  id: number;
  /** Number of the schema. */
  of: number;
  /** Comes along the first time. */
  schema?: Schema;
  value: Json;
}

/** `errors: null` means that the schema could not be used: the server decides. */
export interface CheckReply {
  id: number;
  errors: FieldError[] | null;
}
