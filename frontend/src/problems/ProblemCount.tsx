import { count } from "../core/format";
import { useIsStale } from "../live/hooks";
import { useProblems } from "./useProblems";

interface ProblemCountProps {
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** How much is wrong in the flow, in view or not; opens the list. Where there is no room for the word, the mark and the number stay. */
export function ProblemCount({ open, onOpen }: ProblemCountProps) {
  const { total } = useProblems();
  const stale = useIsStale();
  const none = stale ? "Problems unknown" : "No problems";
  const text = total === 0 ? none : count(total, "problem");
  const state = total > 0 ? "is-error" : stale ? "is-idle" : "is-ok";
  return (
    <button
      type="button"
      className={`btn btn--plain btn--s problemcount ${state}`}
      aria-expanded={open}
      title={stale ? "Not known while the connection is lost" : `${text} in this flow`}
      onClick={() => onOpen(!open)}
    >
      <i className="mark" aria-hidden="true" />
      <span className="problemcount__long num">{total > 999 ? "999+ problems" : text}</span>
      <span className="problemcount__short num" aria-hidden="true">
        {total > 999 ? "999+" : total === 0 && stale ? "?" : total}
      </span>
    </button>
  );
}
