import { useEffect, useRef, useState, type ReactNode } from "react";
import { Refusal } from "../core/errors";

type Phase = { name: "reading" } | { name: "open" } | { name: "failed"; message: string; final: boolean };

/** Shows the editor once its flow has been read; before that, how far it is, and what went wrong. */
export function Opening({ open, children }: { open: () => Promise<void>; children: ReactNode }) {
  const [phase, setPhase] = useState<Phase>({ name: "reading" });
  const started = useRef(false);

  const read = (): void => {
    open().then(
      () => setPhase({ name: "open" }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : "The flow could not be read.";
        setPhase({ name: "failed", message, final: error instanceof Refusal });
      },
    );
  };

  useEffect(() => {
    if (started.current) return;
    started.current = true;
    read();
  });

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
            <p className="quiet">{phase.message}</p>
            <div className="line">
              {!phase.final && (
                <button
                  type="button"
                  className="btn btn--primary"
                  onClick={() => {
                    setPhase({ name: "reading" });
                    read();
                  }}
                >
                  Try again
                </button>
              )}
              <a className="btn" href="/">
                All projects
              </a>
            </div>
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
