import type { ReactNode } from "react";
import { NotOpened } from "../ui/NotOpened";
import { useOpening } from "../ui/useOpening";

/** Shows the editor once its flow has been read; before that, how far it is, and what went wrong. */
export function Opening({ open, children }: { open: () => Promise<void>; children: ReactNode }) {
  const [phase, again] = useOpening(open, "The flow could not be read.");

  if (phase.name === "open") return children;
  return (
    <div className="app app--opening">
      <header className="topbar">
        <a className="logo" href="/" aria-label="All projects">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 8.5c3.5 0 3.5 7 7 7s3.5-7 7-7M12 4.5V9" />
          </svg>
        </a>
      </header>
      <Side rows={9} />
      <main className="opening" aria-busy={phase.name === "reading"}>
        {phase.name === "reading" ? (
          <p className="state is-working" role="status">
            <i className="mark is-turning" />
            Reading the flow
          </p>
        ) : (
          <>
            <h1 className="opening__title">This flow could not be opened</h1>
            <NotOpened failed={phase} again={again} />
          </>
        )}
      </main>
      <Side rows={5} />
    </div>
  );
}

/** Where a panel will be. */
function Side({ rows }: { rows: number }) {
  return (
    <aside aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <i key={row} />
      ))}
    </aside>
  );
}
