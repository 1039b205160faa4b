/** JSON Schema as the server sends it, with the members that forms read. */

import type { Json, Schema as UnreadSchema } from "../../core/types";

export { isObject } from "../../core/json";
export type { Json, JsonObject, Path } from "../../core/types";

/**
 * A schema node: JSON Schema 2020-12 as Pydantic writes it, plus our form keywords. A keyword that a server sends in a shape
 * we do not know is ignored, so every read goes through the typed optional members here.
 */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Json;
  const?: Json;
  enum?: Json[];
  enumTitles?: string[];
  examples?: Json[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  patternProperties?: Record<string, Schema | boolean>;
  propertyNames?: Schema | boolean;
  minProperties?: number;
  maxProperties?: number;
  items?: boolean | Schema;
  additionalItems?: boolean | Schema;
  prefixItems?: (Schema | boolean)[];
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  pattern?: string;
  format?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  not?: Schema | boolean;
  if?: Schema | boolean;
  then?: Schema | boolean;
  else?: Schema | boolean;
  dependentSchemas?: Record<string, Schema | boolean>;
  dependentRequired?: Record<string, string[]>;
  discriminator?: { propertyName: string };
  readonly?: boolean;
  readOnly?: boolean;
  writeOnly?: boolean;
  configurable?: boolean;
  shared?: boolean;
  tab?: string;
  align?: "left" | "center" | "right";
  propertyOrder?: number;
  colSpan?: number;
  className?: string;
  secret?: boolean;
  language?: string;
  chart?: string;
  card?: boolean;
  confirm?: string;
  hidden?: boolean;
  requiredWhen?: Condition;
  optionalWhen?: Condition;
  shownWhen?: Condition;
  tableMode?: boolean;
  step?: number;
  contentMediaType?: string;
  /** Identity of a definition. */
  "x-id"?: string;
}

/** A sibling field, how it is compared, and with what. */
export type Condition = [other: string, operator: "===" | "equal" | "in" | "isUndefined", wanted: Json];

/** What stands at one field once references, single unions and null are taken out of the way. */
export interface Resolved extends Schema {
  /** null is allowed beside the type that is left. */
  nullable?: boolean;
}

/** One complaint about the value at `pointer`. */
export interface FieldError {
  /** JSON pointer; "" is the whole document. */
  pointer: string;
  message: string;
  /** A warning is shown and holds nothing back. */
  level?: "error" | "warning";
  /** The expression that is at fault, and the character of it, from 0. */
  expression?: string | undefined;
  position?: number | undefined;
}

/** Reads a schema document as one of ours; a port without a schema accepts anything. */
export function asSchema(document: UnreadSchema | null | undefined): Schema {
  return (document ?? {}) as Schema;
}
