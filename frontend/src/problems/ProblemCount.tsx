import { count } from "../core/format";
import { useProblems } from "./useProblems";

interface ProblemCountProps {
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** How much is wrong in the flow, in view or not; opens the list. Where there is no room for the word, the mark and the number stay. */
export function ProblemCount({ open, onOpen }: ProblemCountProps) {
  const { total } = useProblems();
  const text = total === 0 ? "No problems" : count(total, "problem");
  return (
    <button
      type="button"
      className={`btn btn--plain btn--s problemcount ${total === 0 ? "is-ok" : "is-error"}`}
      aria-expanded={open}
      title={`${text} in this flow`}
      onClick={() => onOpen(!open)}
    >
      <i className="mark" aria-hidden="true" />
      <span className="problemcount__long num">{total > 999 ? "999+ problems" : text}</span>
      <span className="problemcount__short num" aria-hidden="true">
        {total > 999 ? "999+" : total}
      </span>
    </button>
  );
}
