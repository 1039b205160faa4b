import type { Connection, QueueState } from "../core/editorTypes";
import { count } from "../core/format";
import { useConnection, useQueue } from "../live/hooks";

interface Said {
  state: "running" | "working" | "waiting" | "error";
  text: string;
  detail: string;
}

/** What the connection's state means for the person looking at it. */
export function describeConnection(
  { socket, cluster, telemetry, reason }: Connection,
  queue: QueueState,
): Said {
  if (socket === "signed_out" || queue.signedOut) {
    return {
      state: "error",
      text: "Signed out",
      detail: "Sign in again in another tab; your edits are kept.",
    };
  }
  if (socket === "gone") {
    return { state: "error", text: "No access", detail: "This flow is gone or no longer shared with you." };
  }
  if (socket === "connecting") return { state: "working", text: "Connecting", detail: "" };
  if (socket === "reconnecting" || queue.stalled) {
    const kept = queue.pending === 0 ? "" : ` · ${count(queue.pending, "edit")} kept`;
    return {
      state: "waiting",
      text: `Reconnecting${kept}`,
      detail: "Edits are kept and sent when the server is back.",
    };
  }
  if (cluster === "unreachable") {
    return {
      state: "error",
      text: "Cluster unreachable",
      detail: reason || "Edits are saved and applied when it is back.",
    };
  }
  if (telemetry === "status") {
    const detail =
      reason || "Live figures cannot be read directly; what you see comes from the nodes' status.";
    return { state: "running", text: "Live · status only", detail };
  }
  return { state: "running", text: "Live", detail: "" };
}

export function ConnectionPill() {
  const { state, text, detail } = describeConnection(useConnection(), useQueue());
  return (
    <span className={`state state--pill is-${state}`} role="status" title={detail || undefined}>
      <i className={state === "working" ? "mark is-turning" : "mark"} />
      <span>{text}</span>
      {detail !== "" && <span className="unseen">{detail}</span>}
    </span>
  );
}
