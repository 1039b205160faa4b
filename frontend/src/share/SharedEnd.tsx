import { useConnection } from "../live/hooks";

/** Over the canvas once the link has ended. */
export function SharedEnd() {
  const { socket } = useConnection();
  if (socket !== "gone") return null;
  return (
    <div className="accessnote is-error" role="alert">
      <i className="mark" />
      <p className="grow">
        This link has ended, or what it showed is gone. What you see is how it last was: ask whoever sent it
        for a new one.
      </p>
    </div>
  );
}
