/**
 * The shapes of the JSON Schema Test Suite (cases.json: schemas and the values that they take, from json-schema-org/JSON-Schema-Test-Suite
 * under the licence beside it), each filled in by hand and read back.
 */

import { act, cleanup } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { hasFields, isMisfit } from "../schema/kinds";
import { propertySchema, resolve, typeOf } from "../schema/resolve";
import { asSchema, isObject, type Json, type JsonObject, type Resolved, type Schema } from "../schema/types";
import { openForm } from "./bench";
import cases from "./cases.json";
import { Person, settle } from "./person";

interface Case {
  of: string;
  title: string;
  schema: Schema | boolean;
  values: Json[];
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const table = (cases as Case[]).flatMap(({ of, title, schema, values }) =>
  values.map((value): [string, Schema, Json] => [
    `${of}: ${title}: ${JSON.stringify(value).slice(0, 60)}`,
    asSchema(isObject(schema) ? schema : {}),
    value,
  ]),
);

/** Whether all parts are of the type that their field is for. */
function canBeSaid(value: Json, field: Resolved, root: Schema): boolean {
  if (value === null && !field.nullable && !["null", undefined].includes(typeOf(field))) return false;
  if (isMisfit(value, field)) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, part]) =>
    canBeSaid(part, propertySchema(field, Array.isArray(value) ? Number(name) : name, root) ?? {}, root),
  );
}

function strangers(value: JsonObject, field: Resolved): JsonObject {
  if (isObject(field.additionalProperties) || field.patternProperties) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => !Object.hasOwn(field.properties ?? {}, name)),
  );
}

describe("a value that a schema takes", () => {
  it.each(table)("%s", async (_name, schema, value) => {
    const root = resolve(schema, schema);
    if (!canBeSaid(value, root, schema)) {
      // A value of another type than its field: it is shown, and stays as it is.
      const { page, held } = openForm(schema, value);
      await act(() => settle());
      expect(page.querySelector(".form")).not.toBeNull();
      expect(held()).toEqual(value);
      return;
    }
    const fields = hasFields(root) && isObject(value);
    // Names of which the schema says nothing are not offered; where they stand already they are shown.
    const { page, held } = openForm(schema, fields ? strangers(value, root) : undefined);
    const person = new Person(page, schema);
    if (fields) await person.fields([], root, value);
    else await person.fill([], root, value);
    await act(() => settle());
    expect(held()).toEqual(value);
  });
});
