import { useMemo } from "react";

import type { Field } from "../schema/fields";

/** The field under another label; the same object while neither changes. */
export function useNumbered(field: Field, label: string): Field {
  return useMemo(() => ({ ...field, label }), [field, label]);
}
