import type { FlowRef } from "../../core/types";
import { useFlow } from "../../live/hooks";

/** Where a node of another flow belongs, and the way there. */
export function ForeignNote({ home }: { home: FlowRef }) {
  const { project } = useFlow();
  return (
    <p className="note" role="note">
      It belongs to the flow <a href={`/projects/${project.id}/flows/${home.id}/`}>{home.name}</a>: what you
      change of it is changed there too. Its place and its wires here are this flow’s.
    </p>
  );
}
