/** What can be said about a mapping's strings without evaluating them. */

import { toPointer } from "../schema/pointer";
import { isObject, type Json, type Path } from "../schema/types";

const EXPRESSION = /\{\{(.*?)\}\}/gs;

/** True for a string that holds at least one `{{ }}`. */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === "string" && /\{\{.*?\}\}/s.test(value);
}

/** The inside of a string that is one expression and nothing else: such a one gives a typed value. */
export function pureExpression(text: string): string | undefined {
  const [only, ...more] = expressionsOf(text);
  return only !== undefined && !more.length && /^\s*\{\{.*\}\}\s*$/s.test(text) ? only : undefined;
}

/** The insides of all `{{ }}` of a string. */
export function expressionsOf(text: string): string[] {
  return [...text.matchAll(EXPRESSION)].map(([, inside]) => (inside ?? "").trim());
}

/** True where the last `{{` has no `}}`. */
export function isUnfinished(text: string): boolean {
  return text.replace(EXPRESSION, "").includes("{{");
}

/** A path typed without its braces is meant as an expression: `$.value` -> `{{ $.value }}`. */
export function complete(text: string): string {
  return /^\s*\$(?![^.[\s])/.test(text) && !text.includes("{{") ? `{{ ${text.trim()} }}` : text;
}

/** The places of a mapping that hold an expression. */
export function expressionPlaces(
  value: Json | undefined,
  at: Path = [],
): { path: Path; pointer: string; text: string }[] {
  if (isExpression(value)) return [{ path: at, pointer: toPointer(at), text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => expressionPlaces(item, [...at, index]));
  if (isObject(value))
    return Object.entries(value).flatMap(([name, item]) => expressionPlaces(item, [...at, name]));
  return [];
}
