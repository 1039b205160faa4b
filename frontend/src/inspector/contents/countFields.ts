import type { Port } from "../../core/types";
import { resolve } from "../../forms/schema/resolve";
import { asSchema } from "../../forms/schema/types";

/** A form that is longer than this reaches below the panel's edge anyway. */
const MOST = 12;

/** Whether the form alone fills the panel, so that what stands below it has to be scrolled to. */
export function fillsPanel(port: Port | undefined): boolean {
  return countFields(port) === MOST;
}

/** How many fields a form for what a port takes has. */
export function countFields(port: Port | undefined): number {
  const schema = asSchema(port?.schema);
  return Math.min(MOST, Object.keys(resolve(schema, schema).properties ?? {}).length);
}
