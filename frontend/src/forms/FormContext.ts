import { createContext, useContext, useSyncExternalStore, type ComponentType } from "react";

import type { Draft } from "./draft/drafts";
import type { FormTarget } from "./draft/submit";
import type { Expressions } from "./expressions/types";
import type { Field } from "./schema/fields";
import type { Kind } from "./schema/kinds";
import type { FieldError, Json, Path, Schema } from "./schema/types";

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

export interface FormState {
  target: FormTarget;
  root: Schema;
  controls: Record<Kind, ComponentType<ControlProps>>;
  /** Why nothing here can be edited; null when it can. */
  readOnly: string | null;
  /** Complaints about the document as it stands. */
  errors: readonly FieldError[];
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

/** The draft of the field at `path`. */
export function useDraft(path: Path): Draft | undefined {
  const { drafts, key } = useForm().target;
  useSyncExternalStore(drafts.subscribe, drafts.version);
  return drafts.read(key, path);
}
