import { useEffect, useMemo, useState } from "react";

import { newUuid } from "../core/ids";
import { useReadable } from "../live/hooks";
import { useActionKeys, type BoardActions } from "./actions";
import type { DashboardApi } from "./api";
import { widgetsOf } from "./core/apply";
import type { PagesDocument } from "./core/document";
import type { PageOp } from "./core/types";
import { AddWidget } from "./dialogs/AddWidget";
import { Keys } from "./dialogs/Keys";
import { PageSettings } from "./dialogs/PageSettings";
import { Header } from "./Header";
import { NoPage } from "./NoPage";
import { Notice } from "./Notice";
import { PageTabs } from "./PageTabs";
import { PageView } from "./PageView";
import { Tools } from "./Tools";
import { useCurrentPage } from "./useCurrentPage";

interface AppProps {
  api: DashboardApi;
  document: PagesDocument;
  first: string;
}

export type Open = "add" | "page" | "keys" | null;

/** The dashboard of a project: its pages as tabs, the open one below. */
export function App({ api, document: pages, first }: AppProps) {
  const shown = useReadable(pages.shown);
  const [page, go] = useCurrentPage(shown, first);
  const [wishes, setEditing] = useState(false);
  const [open, setOpen] = useState<Open>(null);
  const editing = wishes && shown.can.edit;
  useEffect(() => {
    window.document.title = `${page ? `${page.name} · ` : ""}${shown.project.name} · Weirflow`;
  }, [page, shown.project.name]);

  const actions = useMemo<BoardActions>(
    () => ({
      canEdit: shown.can.edit,
      hasPage: page !== undefined,
      editing,
      edit: setEditing,
      open: setOpen,
      undo: () => void pages.undo(),
      redo: () => void pages.redo(),
      addPage: () => {
        const id = newUuid();
        const op: PageOp = { op: "add_page", id, name: nameFor(shown.pages.length), operators: "editors" };
        pages.edit([op]);
        setEditing(true);
        go(id);
      },
    }),
    [shown, page, editing, pages, go],
  );
  useActionKeys(actions);
  const close = (): void => setOpen(null);

  return (
    <div className="board">
      <Header project={shown.project}>
        <Tools document={pages} actions={actions} />
      </Header>
      {shown.pages.length > 0 && (
        <nav aria-label="Pages of the dashboard">
          <PageTabs
            pages={shown.pages}
            current={page?.id ?? ""}
            onGo={go}
            onAdd={editing ? actions.addPage : null}
          />
        </nav>
      )}
      <main className="board__main">
        <div id="page" role={page ? "tabpanel" : undefined} aria-label={page?.name}>
          {page ? (
            <PageView
              key={page.id}
              api={api}
              document={pages}
              page={page}
              editing={editing}
              actions={actions}
            />
          ) : (
            <NoPage canEdit={shown.can.edit} onAdd={actions.addPage} />
          )}
        </div>
      </main>
      <Notice document={pages} />
      {open === "add" && page && (
        <AddWidget
          api={api}
          widgets={widgetsOf(shown, page.id)}
          page={page}
          onAdd={(op) => {
            pages.edit([op]);
            setEditing(true);
          }}
          onClose={close}
        />
      )}
      {open === "page" && page && (
        <PageSettings dashboard={shown} page={page} onEdit={(ops) => pages.edit(ops)} onClose={close} />
      )}
      {open === "keys" && <Keys actions={actions} onClose={close} />}
    </div>
  );
}

function nameFor(pages: number): string {
  return pages === 0 ? "Overview" : `Page ${String(pages + 1)}`;
}
