import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import type { Preview, PreviewRequest } from "../core/mappingTypes";
import type { LoadedEdge, Verdict } from "../core/types";
import type { FormTarget } from "../forms/draft/submit";
import { equal } from "../forms/schema/pointer";
import type { Json, Schema } from "../forms/schema/types";
import { useOpenFlow } from "../live/context";
import { useVerdict } from "../live/hooks";
import { draftMapping } from "./draftMapping";
import { NewestWins } from "./newestWins";

export interface Previewed {
  preview: Preview | null;
  /** An answer to what stands there now is on its way. */
  busy: boolean;
  /** Why nothing newer can be said; empty when there is no reason. */
  failure: string;
}

/** What the mapping gives, with what is being typed; worked out by the server, as the runtime would. */
export function usePreview(
  edge: LoadedEdge,
  target: FormTarget,
  schema: Schema,
  sample: Pick<PreviewRequest, "message" | "name">,
): Previewed {
  const { mappings } = useOpenFlow();
  const { drafts, key } = target;
  useSyncExternalStore(drafts.subscribe, drafts.version);
  const verdict: Verdict | undefined = useVerdict(edge.id);
  const [shown, setShown] = useState<Previewed>({ preview: null, busy: true, failure: "" });
  const asker = useMemo(
    () =>
      mappings &&
      new NewestWins((request: PreviewRequest) => mappings.preview(edge.id, request), {
        answer: (preview: Preview) => setShown({ preview, busy: false, failure: "" }),
        failed: (failure) => setShown((now) => ({ ...now, busy: false, failure })),
      }),
    [mappings, edge.id],
  );
  useEffect(() => () => asker?.close(), [asker]);

  const request: PreviewRequest = { mapping: draftMapping(edge.mapping, drafts.of(key), schema), ...sample };
  const asked = useRef<{ request: PreviewRequest; verdict: Verdict | undefined } | null>(null);
  useEffect(() => {
    const before = asked.current;
    if (before && before.verdict === verdict && isSame(before.request, request)) return;
    asked.current = { request, verdict };
    asker?.ask(request);
  });
  return shown;
}

function isSame(one: PreviewRequest, other: PreviewRequest): boolean {
  return (
    equal(one.mapping, other.mapping) && one.name === other.name && sameMessage(one.message, other.message)
  );
}

function sameMessage(one: Json | undefined, other: Json | undefined): boolean {
  return one === other || equal(one, other);
}
