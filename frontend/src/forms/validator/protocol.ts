/** What the page and the validator worker say to each other. */

import type { FieldError, Json, Schema } from "../schema/types";

export interface CheckRequest {
  id: number;
  schema: Schema;
  value: Json;
}

/** `errors: null` means that the schema could not be used: the server decides. */
export interface CheckReply {
  id: number;
  errors: FieldError[] | null;
}
