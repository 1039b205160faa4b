import { count } from "../core/format";
import { useConnection, useQueue } from "../live/hooks";

/** Over the canvas, while nothing can be saved until the person does something about it: what, and where. */
export function AccessNote() {
  const { socket } = useConnection();
  const { signedOut, pending } = useQueue();
  if (socket === "gone") {
    return (
      <div className="accessnote is-error" role="alert">
        <i className="mark" />
        <p className="grow">
          This flow was deleted, or is no longer shared with you. What you see is how it last was.
        </p>
        <a className="btn btn--s" href="/">
          All projects
        </a>
      </div>
    );
  }
  if (socket !== "signed_out" && !signedOut) return null;
  const kept = pending > 0 ? `${count(pending, "edit")} ${pending === 1 ? "waits" : "wait"} until then.` : "";
  return (
    <div className="accessnote is-error" role="alert">
      <i className="mark" />
      <p className="grow">You are signed out. Sign in again in another tab, and go on here. {kept}</p>
      <a className="btn btn--s" href="/sign-in/" target="_blank" rel="noreferrer">
        Sign in
      </a>
    </div>
  );
}
