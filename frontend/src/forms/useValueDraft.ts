/** The brain of a control that is changed in one step: toggles, selects, lists and their like. */

import { submit } from "./draft/submit";
import { useDraft, useForm } from "./FormContext";
import type { Json, Path } from "./schema/types";

export interface ValueDraft {
  value: Json | undefined;
  change: (value: Json | undefined) => void;
}

/** The value to show (a draft's before the flow's) and the way to change it at once. */
export function useValueDraft(path: Path, value: Json | undefined): ValueDraft {
  const { target } = useForm();
  const draft = useDraft(path);
  const shown = draft?.phase === "checking" || draft?.phase === "held" ? draft.value : value;
  return { value: shown, change: (next) => void submit(target, path, next) };
}
