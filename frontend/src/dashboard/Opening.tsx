import { useEffect, useRef, useState } from "react";

import { Refusal } from "../core/errors";
import type { DashboardApi } from "./api";
import { App } from "./App";
import { PagesDocument } from "./core/document";
import { Header } from "./Header";

interface OpeningProps {
  api: DashboardApi;
  project: { id: string; name: string };
  /** The page that the address names; empty: the first. */
  page: string;
}

type Phase =
  | { name: "reading" }
  | { name: "open"; document: PagesDocument }
  | { name: "failed"; message: string; final: boolean };

/** Shows the dashboard once it has been read; before that, how far it is, and what went wrong. */
export function Opening({ api, project, page }: OpeningProps) {
  const [phase, setPhase] = useState<Phase>({ name: "reading" });
  const started = useRef(false);
  const read = (): void => {
    api.load().then(
      (first) => setPhase({ name: "open", document: new PagesDocument(api, first) }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : "The dashboard could not be read.";
        setPhase({ name: "failed", message, final: error instanceof Refusal });
      },
    );
  };
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    read();
  });
  if (phase.name === "open") return <App api={api} document={phase.document} first={page} />;
  return (
    <div className="board">
      <Header project={project} />
      <main className="board__main" aria-busy={phase.name === "reading"}>
        {phase.name === "reading" ? (
          <>
            <p className="state is-working" role="status">
              <i className="mark is-turning" aria-hidden="true" />
              Reading the dashboard
            </p>
            <div className="grid" aria-hidden="true">
              <i className="widget widget--coming" />
              <i className="widget widget--coming" />
              <i className="widget widget--coming" />
            </div>
          </>
        ) : (
          <section className="blank">
            <h1>This dashboard could not be opened</h1>
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
          </section>
        )}
      </main>
    </div>
  );
}
