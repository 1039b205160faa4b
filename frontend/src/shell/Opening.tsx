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
  );
}
