import type { NodeLive } from "../../core/types";
import { useConnection } from "../../live/hooks";
import { ProblemNote } from "../ProblemNote";
import { StackNote } from "../StackNote";

/** What stands between the node as drawn and the node as it runs: errors, and what the cluster has not got yet. */
export function NodeTroubles({ node, live }: { node: string; live: NodeLive | undefined }) {
  const connection = useConnection();
  const push = live?.push;
  return (
    <>
      {live?.error && (
        <ProblemNote problem={live.error}>
          <StackNote node={node} problem={live.error} />
        </ProblemNote>
      )}
      {push?.state === "failed" && push.problem && (
        <ProblemNote problem={push.problem} title="Not on the cluster" />
      )}
      {push && (push.state === "pending" || push.state === "applied") && (
        <p className="inspector__push is-changed" role="status">
          <i className="mark" aria-hidden="true" />
          {push.state === "pending"
            ? "Not yet on the cluster"
            : "On the cluster, not yet confirmed by its module"}
          {connection.cluster === "unreachable" &&
            `: ${connection.reason || "the cluster cannot be reached"}`}
        </p>
      )}
    </>
  );
}
