/**
 * The shapes of the JSON Schema Test Suite (cases.json: schemas and the values that they take, from json-schema-org/JSON-Schema-Test-Suite
 * under the licence beside it), each filled in by hand and read back.
 */

import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Drafts } from "../draft/drafts";
import type { FormTarget } from "../draft/submit";
import { Form } from "../Form";
import { hasFields, isMisfit } from "../schema/kinds";
import { setAt } from "../schema/pointer";
import { propertySchema, resolve, typeOf } from "../schema/resolve";
import { asSchema, isObject, type Json, type JsonObject, type Resolved, type Schema } from "../schema/types";
import { check } from "../validator/check";
import cases from "./cases.json";
import { Person, settle } from "./person";

interface Case {
  of: string;
  title: string;
  schema: Schema | boolean;
  values: Json[];
}

/** A form over a document of its own, checked by the real validator. */
function open(schema: Schema, start: Json | undefined) {
  let held = start;
  const target: FormTarget = {
    key: "suite",
    drafts: new Drafts(),
    document: () => held,
    check: (document) => Promise.resolve(check(schema, document ?? null)),
    send: (path, value) => {
      held = setAt(held, path, value);
      view.rerender(form());
      return Promise.resolve([]);
    },
  };
  const form = () => <Form schema={schema} value={held} target={target} />;
  const view = render(form());
  return { page: view.container, held: () => held };
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
      const { page, held } = open(schema, value);
      await act(() => settle());
      expect(page.querySelector(".form")).not.toBeNull();
      expect(held()).toEqual(value);
      return;
    }
    const fields = hasFields(root) && isObject(value);
    // Names of which the schema says nothing are not offered; where they stand already they are shown.
    const { page, held } = open(schema, fields ? strangers(value, root) : undefined);
    const person = new Person(page, schema);
    if (fields) await person.fields([], root, value);
    else await person.fill([], root, value);
    await act(() => settle());
    expect(held()).toEqual(value);
  });
});
