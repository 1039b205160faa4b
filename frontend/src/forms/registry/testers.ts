/** The words in which renderers say what they are for. */

import { alternatives, hasFields, isButton, isList, isMap, isSecret, options } from "../schema/kinds";
import { typeOf } from "../schema/resolve";
import type { Tester } from "./renderer";

export { isButton, isList, isMap, isSecret, hasFields };

export const isText: Tester = (schema) => typeOf(schema) === "string";

export const isNumber: Tester = (schema) => {
  const type = typeOf(schema);
  return type === "number" || type === "integer";
};

export const isBoolean: Tester = (schema) => typeOf(schema) === "boolean";

export const isConstant: Tester = (schema) => schema.const !== undefined;

export const hasOptions: Tester = (schema) => options(schema).length > 0;

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
