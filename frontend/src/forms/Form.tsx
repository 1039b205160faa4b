import { useEffect, useId, useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";

import { Complaints } from "./complaints";
import type { FormTarget } from "./draft/submit";
import type { Expressions } from "./expressions/types";
import { Fields } from "./Fields";
import { FieldRow } from "./FieldRow";
import { FormStateProvider, type FormState } from "./FormContext";
import "./forms.css";
import { LiveValues } from "./liveValues";
import { Messages } from "./Messages";
import { choose, type Renderer } from "./registry/renderer";
import { renderers as all } from "./registry/renderers";
import { fieldOf } from "./schema/fields";
import { hasFields, isMisfit } from "./schema/kinds";
import { resolve } from "./schema/resolve";
import type { FieldError, Json, Schema } from "./schema/types";
import { REQUIRED } from "./validator/conditions";

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
  /** What the running node has in its readonly fields, in the shape of the document. */
  live?: Json | undefined;
  /** Shown when the schema has no fields. */
  empty?: string;
  renderers?: readonly Renderer[];
  /** What is missing is not told: it is sent with a press, and who presses too early is told then. */
  patient?: boolean;
}

const NONE: readonly FieldError[] = [];
const TOP: readonly [] = [];

/** A form made from a JSON Schema. Edits go to `target`; see `FormTarget` for what happens to those that do not pass. */
export function Form({
  schema,
  value,
  target,
  readOnly = null,
  problems = NONE,
  expressions = null,
  live,
  empty,
  renderers = all,
  patient = false,
}: FormProps) {
  const id = useId();
  const complaints = useStandingComplaints(target, value, schema, problems, patient);
  const [values] = useState(() => new LiveValues(live));
  useLayoutEffect(() => values.show(live), [values, live]);
  const root = useMemo(() => resolve(schema, schema), [schema]);
  const whole = useMemo(() => fieldOf("", { title: "Value", ...root }), [root]);
  const rendererOf = useMemo(() => remembered(renderers, schema), [renderers, schema]);
  const state = useMemo(
    (): FormState => ({
      target,
      root: schema,
      rendererOf,
      readOnly,
      complaints,
      live: values,
      expressions,
      id,
    }),
    [target, schema, rendererOf, readOnly, complaints, values, expressions, id],
  );
  const plain = hasFields(root) && !isMisfit(value, root);
  const nothing =
    empty !== undefined && root.type === "object" && root.additionalProperties === false && !plain;
  return (
    <FormStateProvider value={state}>
      <div className="form" data-form={target.key}>
        {readOnly !== null && <p className="form__note">{readOnly}</p>}
        {nothing && <p className="form__empty">{empty}</p>}
        {!nothing && plain && <Fields schema={root} path={TOP} value={value} />}
        {!nothing && !plain && <FieldRow field={whole} path={TOP} value={value} />}
        {plain && <Unplaced complaints={complaints} />}
      </div>
    </FormStateProvider>
  );
}

/** Complaints about the whole document have no field to stand under. */
function Unplaced({ complaints }: { complaints: Complaints }) {
  const errors = useSyncExternalStore(complaints.subscribe, () => complaints.at(""));
  return <Messages id={undefined} errors={errors} />;
}

/** What does not fit in the document as the flow holds it, found in the background, beside what others say. */
function useStandingComplaints(
  target: FormTarget,
  value: Json | undefined,
  schema: Schema,
  problems: readonly FieldError[],
  patient: boolean,
): Complaints {
  const complaints = useMemo(() => new Complaints(target.drafts, target.key), [target.drafts, target.key]);
  const [found, setFound] = useState<{ of: Complaints | null; errors: readonly FieldError[] }>({
    of: null,
    errors: NONE,
  });
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void target.check(value, "").then((errors) => {
        if (current && errors) setFound({ of: complaints, errors });
      });
    }, STILL);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [target, value, schema, complaints]);
  useLayoutEffect(() => {
    const errors = found.of === complaints ? found.errors : NONE;
    complaints.stand([...problems, ...errors.filter(({ message }) => !patient || message !== REQUIRED)]);
  }, [complaints, problems, found, patient]);
  return complaints;
}

/** Ranks each schema once. */
function remembered(renderers: readonly Renderer[], root: Schema): FormState["rendererOf"] {
  const known = new WeakMap<object, Renderer>();
  return (schema) => {
    const before = known.get(schema);
    if (before) return before;
    const best = choose(renderers, schema, root);
    known.set(schema, best);
    return best;
  };
}
