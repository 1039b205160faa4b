import { useEffect, useId, useMemo, useState, useSyncExternalStore } from "react";

import { controls } from "./controls/registry";
import type { Drafts } from "./draft/drafts";
import type { FormTarget } from "./draft/submit";
import type { Expressions } from "./expressions/types";
import { Fields } from "./Fields";
import { FieldRow } from "./FieldRow";
import { FormStateProvider, type FormState } from "./FormContext";
import "./forms.css";
import { Messages } from "./Messages";
import { fieldOf } from "./schema/fields";
import { kindOf } from "./schema/kinds";
import { isWithin, toPointer } from "./schema/pointer";
import { resolve } from "./schema/resolve";
import type { FieldError, Json, Schema } from "./schema/types";

/** The document is checked as a whole once it has been still for so long; milliseconds. */
const STILL = 150;

interface FormProps {
  schema: Schema;
  value: Json | undefined;
  target: FormTarget;
  /** Why nothing can be edited; null when it can. */
  readOnly?: string | null;
  /** What others say about fields: the running node, the server. */
  problems?: readonly FieldError[];
  expressions?: Expressions | null;
  /** Shown when the schema has no fields. */
  empty?: string;
}

const NONE: readonly FieldError[] = [];

/** A form made from a JSON Schema. Edits go to `target`; see `FormTarget` for what happens to those that do not pass. */
export function Form({
  schema,
  value,
  target,
  readOnly = null,
  problems = NONE,
  expressions = null,
  empty,
}: FormProps) {
  const id = useId();
  const standing = useStandingErrors(target, value, schema);
  useSyncExternalStore(target.drafts.subscribe, target.drafts.version);
  const errors = merge(target.drafts, target.key, [...problems, ...standing]);
  const root = useMemo(() => resolve(schema, schema), [schema]);
  const state: FormState = { target, root: schema, controls, readOnly, errors, expressions, id };
  const plain = kindOf(root) === "object";
  const nothing =
    empty !== undefined && root.type === "object" && root.additionalProperties === false && !plain;
  return (
    <FormStateProvider value={state}>
      <div className="form">
        {readOnly !== null && <p className="form__note">{readOnly}</p>}
        {nothing && <p className="form__empty">{empty}</p>}
        {!nothing && plain && <Fields schema={root} path={[]} value={value} />}
        {!nothing && !plain && (
          <FieldRow field={fieldOf("", { title: "Value", ...root })} path={[]} value={value} />
        )}
        {plain && <Messages id={undefined} errors={unplaced(errors)} />}
      </div>
    </FormStateProvider>
  );
}

/** What does not fit in the document as the flow holds it, found in the background. */
function useStandingErrors(
  target: FormTarget,
  value: Json | undefined,
  schema: Schema,
): readonly FieldError[] {
  const [found, setFound] = useState<{ key: string; errors: readonly FieldError[] }>({
    key: "",
    errors: NONE,
  });
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void target.check(value, "").then((errors) => {
        if (current && errors) setFound({ key: target.key, errors });
      });
    }, STILL);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [target, value, schema]);
  return found.key === target.key ? found.errors : NONE;
}

/** A draft's complaints stand before, and instead of, those about what it replaces. */
function merge(drafts: Drafts, key: string, standing: readonly FieldError[]): FieldError[] {
  const waiting = drafts.of(key);
  const replaced = waiting.filter(({ phase }) => phase !== "typing").map(({ path }) => toPointer(path));
  const kept = standing.filter((error) => !replaced.some((pointer) => isWithin(error.pointer, pointer)));
  const seen = new Set<string>();
  return [...waiting.flatMap((draft) => draft.errors), ...kept].filter((error) => {
    const mark = `${error.pointer}\n${error.message}`;
    return !seen.has(mark) && seen.add(mark);
  });
}

/** Complaints about the whole document have no field to stand under. */
function unplaced(errors: readonly FieldError[]): FieldError[] {
  return errors.filter((error) => error.pointer === "");
}
