/** For tests: a form over a document of its own, checked by the real validator. */

import { render } from "@testing-library/react";

import { Drafts } from "../draft/drafts";
import type { FormTarget } from "../draft/submit";
import { Form } from "../Form";
import { setAt } from "../schema/pointer";
import type { Json, Schema } from "../schema/types";
import { check } from "../validator/check";

export interface OpenForm {
  page: HTMLElement;
  /** What the document holds. */
  held: () => Json | undefined;
  /** The document, or the schema, becomes another one, by whomever. */
  become: (value: Json | undefined, schema?: Schema) => void;
  target: FormTarget;
}

/** `judge`: whether there is a validator; in the product it has a thread, and an end, of its own. `patient`: see `Form`. */
export function openForm(
  schema: Schema,
  start: Json | undefined,
  { judge = true, patient = false } = {},
): OpenForm {
  let held = start;
  let asked = schema;
  const target: FormTarget = {
    key: "suite",
    drafts: new Drafts(),
    document: () => held,
    check: (value) => Promise.resolve(judge ? checked(asked, value) : null),
    send: (path, value) => {
      held = setAt(held, path, value);
      // What was typed is sent when the form goes away, too.
      if (document.contains(view.container)) view.rerender(form());
      return Promise.resolve([]);
    },
  };
  const form = () => <Form schema={asked} value={held} target={target} patient={patient} />;
  const view = render(form());
  return {
    page: view.container,
    held: () => held,
    become: (value, next = asked) => {
      held = value;
      asked = next;
      view.rerender(form());
    },
    target,
  };
}

/** As the worker answers: null for a schema that cannot be used. */
function checked(schema: Schema, document: Json | undefined) {
  try {
    return check(schema, document ?? null);
  } catch {
    return null;
  }
}
