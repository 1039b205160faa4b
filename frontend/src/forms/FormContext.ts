import { createContext, useCallback, useContext, useSyncExternalStore } from "react";

import type { Complaints } from "./complaints";
import type { Draft } from "./draft/drafts";
import type { FormTarget } from "./draft/submit";
import type { Expressions } from "./expressions/types";
import type { LiveValues } from "./liveValues";
import type { Renderer } from "./registry/renderer";
import type { Field } from "./schema/fields";
import { toPointer } from "./schema/pointer";
import type { FieldError, Json, Path, Resolved, Schema } from "./schema/types";

/** What every control is given. */
export interface ControlProps {
  /** DOM id of the element that the label belongs to. */
  id: string;
  field: Field;
  path: Path;
  /** The value in force: the flow's, else the default. */
  value: Json | undefined;
  /** Ids of the help and error texts. */
  describedBy: string | undefined;
  invalid: boolean;
  disabled: boolean;
}

/** Of the form as a whole; it stays the same object while people type, so that only the fields they type in are drawn. */
export interface FormState {
  target: FormTarget;
  root: Schema;
  rendererOf: (schema: Resolved) => Renderer;
  /** Why nothing here can be edited; null when it can. */
  readOnly: string | null;
  complaints: Complaints;
  live: LiveValues;
  /** Present where a field may be an expression instead of a literal. */
  expressions: Expressions | null;
  /** Prefix of DOM ids. */
  id: string;
}

const FormStateContext = createContext<FormState | null>(null);
export const FormStateProvider = FormStateContext.Provider;

export function useForm(): FormState {
  const state = useContext(FormStateContext);
  if (!state) throw new Error("A form's control stands outside of a <Form>.");
  return state;
}

/** How many groups a field stands in. */
export const NestingContext = createContext(0);

/** The draft of the field at `path`. */
export function useDraft(path: Path): Draft | undefined {
  const { drafts, key } = useForm().target;
  const subscribe = useCallback(
    (listener: () => void) => drafts.subscribeTo(key, path, listener),
    [drafts, key, path],
  );
  return useSyncExternalStore(subscribe, () => drafts.read(key, path));
}

/** What is wrong with the field at `path` itself. */
export function useComplaints(path: Path): readonly FieldError[] {
  const { complaints } = useForm();
  const pointer = toPointer(path);
  const subscribe = useCallback(
    (listener: () => void) => complaints.subscribeTo(pointer, listener),
    [complaints, pointer],
  );
  return useSyncExternalStore(subscribe, () => complaints.at(pointer));
}

/** The running node's value at `path`, where the form is shown one; undefined otherwise. */
export function useLiveValue(path: Path): Json | undefined {
  const { live } = useForm();
  const read = useCallback(() => live.at(path), [live, path]);
  return useSyncExternalStore(live.subscribe, read);
}
