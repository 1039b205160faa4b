import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { PagesDocument } from "./core/document";

/** What the person has to know of an edit that was not taken. */
export function Notice({ document }: { document: PagesDocument }) {
  const text = useReadable(document.notice);
  return (
    <div className="notices" role="alert">
      {text !== null && (
        <div className="toast is-error">
          <i className="mark" aria-hidden="true" />
          <p className="grow">{text}</p>
          <button
            type="button"
            className="btn btn--plain btn--icon btn--s"
            aria-label="Dismiss"
            onClick={() => document.notice.set(null)}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
