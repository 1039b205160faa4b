import { useEffect, useMemo, useState } from "react";

import type { WireEnds } from "../core/mappingTypes";
import type { LoadedEdge } from "../core/types";
import { equal } from "../forms/schema/pointer";
import { findPort } from "../core/ports";
import { useOpenFlow } from "../live/context";
import { usePorts, useVerdict } from "../live/hooks";
import { NewestWins } from "./newestWins";

/**
 * The schemas of a wire's ends as they are for this wire, and a made-up message. Until the server has said them, those
 * of the ports; asked again when something has changed that the server's verdict speaks of.
 */
export function useEnds(edge: LoadedEdge): WireEnds {
  const { mappings } = useOpenFlow();
  const out = findPort(usePorts(edge.source), edge.source_port, true)?.schema ?? null;
  const into = findPort(usePorts(edge.target), edge.target_port, false)?.schema ?? null;
  const verdict = useVerdict(edge.id);
  const [told, setTold] = useState<WireEnds | null>(null);
  const asker = useMemo(
    () =>
      mappings &&
      new NewestWins((id: string) => mappings.ends(id), {
        answer: (ends: WireEnds) => setTold((now) => (now && isSame(now, ends) ? now : ends)),
        failed: () => undefined,
      }),
    [mappings],
  );
  useEffect(() => () => asker?.close(), [asker]);
  useEffect(() => asker?.ask(edge.id), [asker, edge.id, out, into, verdict]);
  return useMemo(() => told ?? { source: out, target: into, message: null }, [told, out, into]);
}

function isSame(one: WireEnds, other: WireEnds): boolean {
  return (
    equal(one.source, other.source) && equal(one.target, other.target) && equal(one.message, other.message)
  );
}
