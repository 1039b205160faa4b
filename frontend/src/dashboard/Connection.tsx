import { useReadable } from "../live/hooks";
import { PeopleOnDashboard } from "../presence/Late";
import type { PageSession } from "./core/session";

/** Says so when what is shown is not of now, to whom the page is only shown, and who else looks at it. */
export function Connection({ session, refusal }: { session: PageSession; refusal: string | null }) {
  const { socket, cluster, reason } = useReadable(session.connection);
  const trouble = troubleOf(socket, cluster, reason);
  return (
    <div className="board__notes">
      <p role="status" className={trouble ? "state is-warning" : "unseen"}>
        {trouble && <i className="mark" aria-hidden="true" />}
        {trouble}
      </p>
      {refusal !== null && (
        <span className="chip" title={`${refusal}.`}>
          View only
        </span>
      )}
      <PeopleOnDashboard presence={session.live.presence} />
    </div>
  );
}

function troubleOf(socket: string, cluster: boolean, reason: string): string {
  if (socket === "signed_out") return "You are signed out: sign in again in another tab.";
  if (socket === "gone") return "This page is not there any more, or not shared with you.";
  if (socket === "reconnecting") return "The connection is lost; the values are those of before.";
  if (!cluster) return `The cluster cannot be reached${reason ? `: ${reason}` : ""}.`;
  return "";
}
