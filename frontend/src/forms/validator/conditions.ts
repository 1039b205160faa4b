/** What `requiredWhen` and `optionalWhen` say about a document: no keyword of JSON Schema does. */

import { holds, isEmpty } from "../schema/conditions";
import { toPointer } from "../schema/pointer";
import { propertySchema, resolve } from "../schema/resolve";
import { isObject, type FieldError, type Json, type Path, type Resolved, type Schema } from "../schema/types";

export const REQUIRED = "Required";

/** As deep, and as much, as a form shows. */
const MAX_DEPTH = 16;
const MAX_PLACES = 20_000;

export interface Conditions {
  errors: FieldError[];
  /** Pointers of fields that need not stand there, whatever `required` says. */
  lifted: ReadonlySet<string>;
}

export function lackingIn(root: Schema, document: Json): Conditions {
  const errors: FieldError[] = [];
  const lifted = new Set<string>();
  let left = MAX_PLACES;
  const look = (schema: Resolved, value: Json, path: Path): void => {
    left -= 1;
    if (left < 0 || path.length > MAX_DEPTH) return;
    if (isObject(value)) {
      const fields = schema.properties ?? {};
      for (const [name, declared] of Object.entries(fields)) {
        const held = Object.hasOwn(value, name) ? value[name] : undefined;
        const field = resolve(declared, root);
        const inForce = held ?? field.default;
        if (holds(field.requiredWhen, value, fields) && isEmpty(inForce)) {
          errors.push({ pointer: toPointer([...path, name]), message: REQUIRED });
        }
        if (holds(field.optionalWhen, value, fields)) lifted.add(toPointer([...path, name]));
      }
    }
    for (const [step, inner] of entriesOf(value)) {
      if (typeof inner !== "object" || inner === null) continue;
      const below = propertySchema(schema, step, root);
      if (below) look(below, inner, [...path, step]);
    }
  };
  look(resolve(root, root), document, []);
  return { errors, lifted };
}

function entriesOf(value: Json): [string | number, Json][] {
  if (Array.isArray(value)) return [...value.entries()];
  return isObject(value) ? Object.entries(value) : [];
}
