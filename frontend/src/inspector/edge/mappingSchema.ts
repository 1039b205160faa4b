import type { Schema as Document } from "../../core/types";
import { resolve } from "../../forms/schema/resolve";
import { asSchema, type Schema } from "../../forms/schema/types";

/** What a target without a schema takes: any fields, named by whoever draws the wire. */
const ANYTHING: Schema = { type: "object", title: "Fields", additionalProperties: {} };
/** The raw view: the document as it is. */
export const RAW: Schema = { title: "Mapping as JSON" };

/** The schema of a mapping's form, from that of the target's port. */
export function mappingSchema(declared: Document | null | undefined): Schema {
  const schema = asSchema(declared);
  return Object.keys(resolve(schema, schema).properties ?? {}).length ? schema : ANYTHING;
}
