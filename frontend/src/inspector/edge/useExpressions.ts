import { useMemo } from "react";

import type { Schema as Document } from "../../core/types";
import type { Expressions } from "../../forms/expressions/types";
import { resolve } from "../../forms/schema/resolve";
import { asSchema } from "../../forms/schema/types";
import { useOpenFlow } from "../../live/context";

/** What expressions on a wire may speak of: the source's message by its schema, and what the server completes. */
export function useExpressions(edge: string, source: Document | null | undefined, from: string): Expressions {
  const { mappings } = useOpenFlow();
  return useMemo(() => {
    const root = asSchema(source);
    return {
      source: resolve(root, root),
      root,
      from,
      complete: mappings && ((text, cursor) => mappings.complete(edge, text, cursor)),
    };
  }, [mappings, edge, source, from]);
}
