import { useCallback } from "react";

import { NotOpened } from "../ui/NotOpened";
import { useOpening } from "../ui/useOpening";
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

/** Shows the dashboard once it has been read; before that, how far it is, and what went wrong. */
export function Opening({ api, project, page }: OpeningProps) {
  const read = useCallback(async () => new PagesDocument(api, await api.load()), [api]);
  const [phase, again] = useOpening(read, "The dashboard could not be read.");
  if (phase.name === "open") return <App api={api} document={phase.value} first={page} />;
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
            <NotOpened failed={phase} again={again} />
          </section>
        )}
      </main>
    </div>
  );
}
