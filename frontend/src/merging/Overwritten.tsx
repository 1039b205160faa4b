import { useEffect, useSyncExternalStore } from "react";

import { useReadable } from "../live/hooks";
import { answers, met, showAtField } from "./store";
import { sayValue } from "./words";

interface OverwrittenProps {
  /** The field as `keyOf` calls it. */
  at: string;
  label: string;
}

/** At an open field: somebody has written over what this person had just written there. */
export function Overwritten({ at, label }: OverwrittenProps) {
  const one = useSyncExternalStore(met.subscribe, () => met.get().get(at));
  const answer = useReadable(answers);
  useEffect(() => showAtField(at), [at]);
  if (one?.kind !== "changed") return null;
  return (
    <div className="meeting is-warning" role="group" aria-label={`${label}: changed by ${one.by}`}>
      <p className="grow" role="status">
        <i className="mark" aria-hidden="true" /> {one.by} changed this to{" "}
        <code className="meeting__value">{sayValue(one.theirs)}</code> after you set it to{" "}
        <code className="meeting__value">{sayValue(one.mine)}</code>
      </p>
      <button type="button" className="btn btn--s" onClick={() => answer?.takeBack([at])}>
        Take it back
      </button>
      <button type="button" className="btn btn--s" onClick={() => answer?.keepTheirs([at])}>
        Keep theirs
      </button>
    </div>
  );
}
