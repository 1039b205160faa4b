import { typeOf } from "./resolve";
import type { Resolved } from "./types";

const WORDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "yes or no",
  integer: "a whole number",
  number: "a number",
  object: "an object",
  string: "text",
};

/** The type of a field as people say it. */
export function typeWord(schema: Resolved, otherwise = "anything"): string {
  return WORDS[typeOf(schema) ?? ""] ?? otherwise;
}
