/** What can be said about a mapping before any message has come. */

import { expressionPlaces, expressionsOf, pureExpression } from "../../forms/expressions/text";
import { fits, lookUp } from "../../forms/expressions/sources";
import type { Expressions } from "../../forms/expressions/types";
import { schemaFor } from "../../forms/schema/lift";
import { isWithin } from "../../forms/schema/pointer";
import { typeWord } from "../../forms/schema/typeWords";
import type { FieldError, Json, Resolved, Schema } from "../../forms/schema/types";

/** Complaints about the literals (`found`, from the validator) without those that an expression answers for. */
export function withoutExpressions(found: readonly FieldError[], mapping: Json | undefined): FieldError[] {
  const places = expressionPlaces(mapping);
  return found.filter((error) => !places.some(({ pointer }) => isWithin(error.pointer, pointer)));
}

/** Expressions that are empty (an error), reach for what the source does not send, or give another type (warnings). */
export function checkExpressions(
  mapping: Json | undefined,
  { source, root, from }: Expressions,
  target: Schema,
): FieldError[] {
  const found: FieldError[] = [];
  for (const { path, pointer, text } of expressionPlaces(mapping)) {
    const pure = pureExpression(text);
    for (const expression of expressionsOf(text)) {
      if (expression === "") {
        found.push({ pointer, message: "The expression is empty: write a path such as $.value" });
        continue;
      }
      const at = lookUp(expression, source, root);
      if (at === "unknown") {
        found.push({ pointer, level: "warning", message: `${from} sends nothing at ${expression}` });
      } else if (at !== "open" && pure !== undefined) {
        const wanted = schemaFor(path, target);
        if (wanted && !fits(at.schema, wanted)) {
          found.push({ pointer, level: "warning", message: mismatch(expression, at.schema, wanted) });
        }
      }
    }
  }
  return found;
}

function mismatch(expression: string, given: Resolved, wanted: Resolved): string {
  return `${expression} is ${word(given)}, the field takes ${word(wanted)}`;
}

function word(schema: Resolved): string {
  return typeWord(schema, "something else");
}
