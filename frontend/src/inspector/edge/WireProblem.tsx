import type { FlowEdge, Problem } from "../../core/types";
import { useEditor } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { ProblemNote } from "../ProblemNote";
import { StackNote } from "../StackNote";

/** What went wrong on a wire, and the way to the node where it did. */
export function WireProblem({ edge, problem }: { edge: FlowEdge; problem: Problem }) {
  const editor = useEditor();
  const node = nodeOf(problem, edge);
  return (
    <ProblemNote problem={problem}>
      <div className="problem__ways">
        <button type="button" className="btn btn--plain btn--s" onClick={() => editor.reveal(node)}>
          <Icon name="right" size="s" />
          Go to {editor.graph.nodes.get(node)?.label || "the node"}
        </button>
        <StackNote node={node} problem={problem} />
      </div>
    </ProblemNote>
  );
}

/** The end of the wire that the problem names, by its id or its resource's; the target where it names none. */
function nodeOf({ node = "" }: Problem, { source, target }: FlowEdge): string {
  return node !== "" && (node === source || node.endsWith(`-${source}`)) ? source : target;
}
