import type { ReactNode } from "react";

import type { Problem } from "../core/types";
import { useWords } from "../live/hooks";
import { AllowLink } from "./AllowLink";

interface ProblemNoteProps {
  problem: Problem;
  /** Where it comes from: "Not on the cluster". */
  title?: string;
  children?: ReactNode;
}

/** A problem in full: what, where, what to do, and the code to search for. */
export function ProblemNote({ problem, title, children }: ProblemNoteProps) {
  const message = useWords(problem);
  return (
    <div className="problem is-error" role="status">
      <i className="mark" aria-hidden="true" />
      <div className="problem__text">
        {title && <p className="strong">{title}</p>}
        <p>{message}</p>
        <p className="problem__code">
          <code>{problem.code}</code>
          {problem.field && <code>{problem.field}</code>}
          {problem.at !== undefined && (
            <time className="num">{new Date(problem.at).toLocaleTimeString()}</time>
          )}
        </p>
        {problem.code === "outbound_denied" && <AllowLink problem={problem} />}
        {children}
      </div>
    </div>
  );
}
