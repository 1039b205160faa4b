import type { Failed } from "./useOpening";

/** Why a page's contents are not there, and the ways on. */
export function NotOpened({ failed, again }: { failed: Failed; again: () => void }) {
  return (
    <>
      <p className="quiet">{failed.message}</p>
      <div className="line">
        {!failed.final && (
          <button type="button" className="btn btn--primary" onClick={again}>
            Try again
          </button>
        )}
        <a className="btn" href="/">
          All projects
        </a>
      </div>
    </>
  );
}
