import { useState } from "react";
import type { Problem, Stack } from "../core/types";
import { useOpenFlow } from "../live/context";
import { useCan } from "../live/hooks";
import { CopyButton } from "../ui/CopyButton";

interface StackNoteProps {
  node: string;
  problem: Problem;
}

/** Where in the component's code it failed: asked for when it is wanted, by those who may edit. */
export function StackNote({ node, problem }: StackNoteProps) {
  const { runs } = useOpenFlow();
  const { edit } = useCan();
  const [shown, setShown] = useState<{ of: Problem; stack: Stack | string } | null>(null);
  if (!edit || problem.field !== undefined || problem.code === "settings_rejected") return null;
  const ask = (): void => {
    runs.stack(node).then(
      (stack) => setShown({ of: problem, stack }),
      (error: unknown) =>
        setShown({ of: problem, stack: error instanceof Error ? error.message : "It cannot be read." }),
    );
  };
  if (!shown) {
    return (
      <button type="button" className="btn btn--plain btn--s stack__ask" onClick={ask}>
        Show where the code failed
      </button>
    );
  }
  const { stack } = shown;
  if (typeof stack === "string") return <p className="small quiet">{stack}</p>;
  return (
    <div className="stack__note">
      <p className="line">
        <span className="small quiet num grow">
          {new Date(stack.at).toLocaleTimeString("en-GB")} on {stack.host}
        </span>
        <CopyButton text={() => stack.text} label="Copy" />
      </p>
      <pre className="json stack__text" tabIndex={0} aria-label="Where the code failed">
        {stack.text}
      </pre>
    </div>
  );
}
