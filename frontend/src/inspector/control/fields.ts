/** What each field of a control is there for. Pure. */

import { fieldsOf, type Field } from "../../forms/schema/fields";
import { isButton, isList, isReadonly } from "../../forms/schema/kinds";
import { resolve, typeOf } from "../../forms/schema/resolve";
import type { Resolved, Schema } from "../../forms/schema/types";

export interface ControlFields {
  /** The first live value stands large, and so does what is drawn over time. */
  readings: Field[];
  /** The other live values. */
  facts: Field[];
  lists: Field[];
  /** What can be typed in. */
  inputs: Field[];
  /** The schema of the inputs alone. */
  inputSchema: Schema;
  buttons: Field[];
}

export function controlFields(schema: Schema): ControlFields {
  const root = resolve(schema, schema);
  const fields = fieldsOf(root, schema).filter((field) => field.schema.hidden !== true);
  const buttons = fields.filter((field) => isButton(field.schema));
  const live = fields.filter((field) => !isButton(field.schema) && isReadonly(field.schema));
  const lists = live.filter((field) => isList(field.schema));
  const scalars = live.filter((field) => !isList(field.schema));
  const readings = scalars.filter((field, index) => index === 0 || chartOf(field.schema) !== null);
  const inputs = fields.filter((field) => !buttons.includes(field) && !live.includes(field));
  const typed = new Set(inputs.map(({ name }) => name));
  const properties = Object.fromEntries(
    Object.entries(root.properties ?? {}).filter(([name]) => typed.has(name)),
  );
  const required = root.required?.filter((name) => typed.has(name)) ?? [];
  return {
    readings,
    facts: scalars.filter((field) => !readings.includes(field)),
    lists,
    inputs,
    inputSchema: { type: "object", $defs: schema.$defs ?? {}, properties, required },
    buttons,
  };
}

/** How a live number is drawn over time; null when it is not, or when it is no number. */
export function chartOf(schema: Resolved): "sparkline" | "line" | null {
  const type = typeOf(schema);
  if (type !== "number" && type !== "integer") return null;
  return schema.chart === "sparkline" || schema.chart === "line" ? schema.chart : null;
}

/** What a person is asked before a button is pressed: for the button, and for each input that goes along. */
export function questionsOf(button: Field, inputs: readonly Field[], data: object): string[] {
  const along = inputs.filter(({ name }) => name in data);
  return [button, ...along].map(({ schema }) => schema.confirm ?? "").filter((text) => text !== "");
}

const DANGEROUS = /reset|delete|clear|stop/i;

/** Drawn as what destroys something: because its author says so, or, of modules that say nothing, by its name. */
export function isDangerous({ name, schema }: Field): boolean {
  return schema.confirm !== undefined || DANGEROUS.test(name);
}
