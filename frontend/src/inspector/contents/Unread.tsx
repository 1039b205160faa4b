import "./contents.css";

/** Where a form would stand that could not be read. */
export function Unread({ message, retry }: { message: string; retry: () => void }) {
  return (
    <div className="note unread" role="alert">
      <p>What stands here could not be read. {message}</p>
      <button type="button" className="btn btn--s" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
