/** The words in which renderers say what they are for. */

import {
  alternatives,
  choicesOf,
  hasFields,
  isAny,
  isButton,
  isList,
  isMap,
  isReadonly,
  isSecret,
} from "../schema/kinds";
import { resolve, typeOf } from "../schema/resolve";
import type { Tester } from "./renderer";

export { hasFields, isAny, isButton, isList, isMap, isSecret };

/** More values than this are searched instead of read through. */
const MAX_READ = 20;

export const isText: Tester = (schema) => typeOf(schema) === "string";

export const isNumber: Tester = (schema) => {
  const type = typeOf(schema);
  return type === "number" || type === "integer";
};

export const isBoolean: Tester = (schema) => typeOf(schema) === "boolean";

/** Anything but a text: what is edited as source is the value itself, not a text that holds it. */
export const isNoText: Tester = (schema) => typeOf(schema) !== "string";

export const isConstant: Tester = (schema) => schema.const !== undefined || typeOf(schema) === "null";

export const hasOptions: Tester = (schema) => choicesOf(schema).length > 0;

export const hasManyOptions: Tester = (schema) => choicesOf(schema).length > MAX_READ;

/** Each place has a schema of its own. */
export const isTuple: Tester = (schema) => typeOf(schema) === "array" && schema.prefixItems !== undefined;

/** Objects in order, wanted as a table. */
export const isTable: Tester = (schema, root) =>
  schema.tableMode === true && isList(schema) && hasFields(resolve(schema.items, root));

/** Any of a closed list of values, each once. */
export const isSetOfOptions: Tester = (schema, root) =>
  schema.uniqueItems === true && isList(schema) && choicesOf(resolve(schema.items, root)).length > 0;

/** Only shown, and one value: what has parts is drawn by its parts. */
export const isReading: Tester = (schema) =>
  isReadonly(schema) &&
  !["object", "array", undefined].includes(typeOf(schema)) &&
  !["markdown", "textarea", "code", "json"].includes(schema.format ?? "") &&
  schema.language === undefined;

export const hasShapes: Tester = (schema) => alternatives(schema).length > 1;

export const hasLanguage: Tester = (schema) => schema.language !== undefined;

export const always: Tester = () => true;

export function hasFormat(...formats: readonly string[]): Tester {
  const known = new Set(formats);
  return (schema) => schema.format !== undefined && known.has(schema.format);
}

export function either(...testers: readonly Tester[]): Tester {
  return (schema, root) => testers.some((tester) => tester(schema, root));
}
