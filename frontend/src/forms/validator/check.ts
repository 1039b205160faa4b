/** Checks a document against a schema and says in plain sentences, per field, what does not fit. Runs in the worker. */

import { Validator, type OutputUnit, type Schema as LibrarySchema } from "@cfworker/json-schema";

import { fromPointer, getAt, toPointer } from "../schema/pointer";
import type { FieldError, Json, Schema } from "../schema/types";
import { referenceIn } from "../secrets/names";
import { lackingIn, REQUIRED } from "./conditions";
import { sentence } from "./limits";

/** A document may be wrong in as many places as it has; nobody reads more. */
const MAX_ERRORS = 200;

/** Keywords that only say that something below them is wrong. */
const WRAPPERS = new Set([
  "$ref",
  "$recursiveRef",
  "additionalProperties",
  "allOf",
  "contains",
  "dependentSchemas",
  "if",
  "items",
  "patternProperties",
  "prefixItems",
  "properties",
  "propertyNames",
  "unevaluatedProperties",
]);

export type Check = (value: Json) => FieldError[];

/** As `checker`, for one value. */
export function check(schema: Schema, value: Json): FieldError[] {
  return checker(schema)(value);
}

/**
 * All complaints about a value, one per pointer (the first is the plainest); [] when it fits. Throws when the schema cannot be used
 * (a reference that leads nowhere, a pattern that is no regular expression): then only the server can judge.
 */
export function checker(schema: Schema): Check {
  const validator = new Validator(schema as LibrarySchema, draftOf(schema), false);
  return (value) => {
    const result = validator.validate(value);
    const conditions = lackingIn(schema, value);
    const byPointer = new Map<string, FieldError>();
    for (const error of [...(result.valid ? [] : explain(result.errors, schema)), ...conditions.errors]) {
      if (error.message === REQUIRED && conditions.lifted.has(error.pointer)) continue;
      // What a reference stands for is for the node to check.
      const held = getAt(value, fromPointer(error.pointer));
      if (typeof held === "string" && referenceIn(held)) continue;
      if (!byPointer.has(error.pointer)) byPointer.set(error.pointer, error);
      if (byPointer.size >= MAX_ERRORS) break;
    }
    return [...byPointer.values()];
  };
}

/** As the server reads it (`weirflow/schema/validate.py`). */
function draftOf({ $schema }: Schema & { $schema?: unknown }): "7" | "2020-12" {
  return typeof $schema === "string" && /draft-0[67]/.test($schema) ? "7" : "2020-12";
}

function explain(units: OutputUnit[], schema: Schema): FieldError[] {
  const found: FieldError[] = [];
  for (let index = 0; index < units.length; index += 1) {
    const unit = units[index] as OutputUnit;
    if (unit.keyword === "anyOf" || unit.keyword === "oneOf") {
      const inside = units
        .slice(index + 1)
        .filter((other) => other.keywordLocation.startsWith(unit.keywordLocation + "/"));
      found.push(...explainUnion(unit, inside, schema));
      index += inside.length;
    } else if (!WRAPPERS.has(unit.keyword)) {
      found.push(explainOne(unit, schema));
    }
  }
  return found;
}

function explainOne(unit: OutputUnit, schema: Schema): FieldError {
  const pointer = toPointer(fromPointer(unit.instanceLocation));
  if (unit.keyword === "required") {
    const name = /property "(.*)"/s.exec(unit.error)?.[1] ?? "";
    return { pointer: pointer + toPointer([name]), message: REQUIRED };
  }
  // A schema of plain `false` is what `additionalProperties: false` puts on an unknown field.
  if (unit.keyword === "false")
    return { pointer, message: sentence("additionalProperties", {}) ?? unit.error };
  const place = schemaAt(schema, unit.keywordLocation);
  return { pointer, message: sentence(unit.keyword, place) ?? unit.error };
}

/** A union is explained by the one member that the value was meant for, else by the types it may have. */
function explainUnion(unit: OutputUnit, inside: OutputUnit[], schema: Schema): FieldError[] {
  const branches = new Map<string, OutputUnit[]>();
  for (const error of inside) {
    const branch = error.keywordLocation.slice(unit.keywordLocation.length + 1).split("/")[0] ?? "";
    branches.set(branch, [...(branches.get(branch) ?? []), error]);
  }
  const meant = [...branches.values()].filter(
    (errors) =>
      !errors.some((error) => error.keyword === "const" || isWrongType(error, unit.instanceLocation)),
  );
  const [only] = meant;
  if (meant.length === 1 && only) return explain(only, schema);

  const pointer = toPointer(fromPointer(unit.instanceLocation));
  const wrongTypes = inside.filter((error) => isWrongType(error, unit.instanceLocation));
  if (!meant.length && wrongTypes.length) {
    const types = wrongTypes.flatMap((error) => schemaAt(schema, error.keywordLocation).type ?? []);
    return [
      { pointer, message: sentence("type", { type: types.filter((name) => name !== "null") }) ?? unit.error },
    ];
  }
  return [{ pointer, message: sentence(unit.keyword, {}) ?? unit.error }];
}

function isWrongType(error: OutputUnit, at: string): boolean {
  return error.keyword === "type" && error.instanceLocation === at;
}

/** The schema that holds the keyword at `location`, e.g. `#/properties/a/$ref/minimum`; references on the way are followed. */
function schemaAt(root: Schema, location: string): Schema {
  const steps = fromPointer(location);
  let current: unknown = root;
  for (const step of steps.slice(0, -1)) {
    if (typeof current !== "object" || current === null) return {};
    current = (current as Record<string, unknown>)[step];
    if (step === "$ref" && typeof current === "string") {
      current = fromPointer(current).reduce<unknown>(
        (place, name) =>
          typeof place === "object" && place !== null ? (place as Record<string, unknown>)[name] : undefined,
        root,
      );
    }
  }
  return typeof current === "object" && current !== null ? (current as Schema) : {};
}
