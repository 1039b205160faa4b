import { useRef } from "react";
import { useConnection, useEditor, useIsStale, useQueue } from "../live/hooks";
import { usePushes } from "../live/usePushes";
import { count } from "../core/format";

/** How much of what is drawn is not on the cluster yet, and what failed on the way; a press goes there. */
export function DeployState() {
  const editor = useEditor();
  const { waiting, failed } = usePushes();
  const { pending, stalled } = useQueue();
  const { cluster } = useConnection();
  const stale = useIsStale();
  const next = useRef(0);
  if (failed.length > 0) {
    const go = (): void => {
      const id = failed[next.current++ % failed.length];
      if (id !== undefined) editor.reveal(id);
    };
    return (
      <button type="button" className="state state--pill is-error" title="Show the next one" onClick={go}>
        <i className="mark" />
        {count(failed.length, "node")} not deployed
      </button>
    );
  }
  if (waiting > 0) {
    return (
      <span className="state state--pill is-changed" role="status">
        <i className="mark" />
        {count(waiting, "node")} not on the cluster yet
      </span>
    );
  }
  if (pending > 0 && (stalled || stale)) {
    return (
      <span className="state state--pill is-changed" role="status">
        <i className="mark" />
        {count(pending, "edit")} not sent yet
      </span>
    );
  }
  if (cluster === "unreachable" || stale) {
    return (
      <span className="state state--pill" role="status" title="What the cluster holds is not known now">
        <i className="mark" />
        Deployment unknown
      </span>
    );
  }
  return (
    <span
      className="state is-ok deploystate--done"
      role="status"
      title="Everything you see is on the cluster"
    >
      <i className="mark" />
      Deployed
    </span>
  );
}
