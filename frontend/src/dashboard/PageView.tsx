import { useEffect, useMemo, useState } from "react";

import { ControlHostProvider, type ControlHost, type Pressed } from "../inspector/control/host";
import type { Readable } from "../core/store";
import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { BoardActions } from "./actions";
import type { DashboardApi } from "./api";
import { Connection } from "./Connection";
import { widgetsOf } from "./core/apply";
import type { PagesDocument } from "./core/document";
import { PageSession } from "./core/session";
import type { Dashboard, Page } from "./core/types";
import { Grid } from "./grid/Grid";

interface PageViewProps {
  api: DashboardApi;
  document: PagesDocument;
  page: Page;
  editing: boolean;
  actions: BoardActions;
}

const NOBODY: Pressed = {};

/** One page, live. */
export function PageView({ api, document, page, editing, actions }: PageViewProps) {
  const shown = useReadable(document.shown);
  const [session] = useState(() => new PageSession(document, api, page.id));
  useEffect(() => {
    session.start();
    return () => session.stop();
  }, [session]);
  const widgets = useMemo(() => widgetsOf(shown, page.id), [shown, page.id]);
  const refusal = refusalOf(page, shown);
  const host = useMemo<ControlHost>(() => {
    const pressed = new Map<string, Readable<Pressed>>();
    const pressedOf = (node: string): Readable<Pressed> => ({
      get: () => document.shown.get().nodes.find(({ id }) => id === node)?.pressed ?? NOBODY,
      subscribe: document.shown.subscribe,
    });
    return {
      refusal,
      press: (node, data) => session.press(node, data),
      pressed: (node) => {
        const known = pressed.get(node) ?? pressedOf(node);
        pressed.set(node, known);
        return known;
      },
    };
  }, [document, session, refusal]);
  return (
    <ControlHostProvider value={host}>
      <Connection session={session} refusal={refusal} />
      {widgets.length === 0 ? (
        <section className="blank">
          <h2>Nothing on this page yet</h2>
          {shown.can.edit ? (
            <>
              <p className="quiet">Add the nodes whose values and buttons you want to have at hand.</p>
              <button type="button" className="btn btn--primary" onClick={() => actions.open("add")}>
                <Icon name="plus" />
                Add node
              </button>
            </>
          ) : (
            <p className="quiet">Whoever edits this project can put nodes here.</p>
          )}
        </section>
      ) : (
        <Grid
          dashboard={shown}
          widgets={widgets}
          session={session}
          editing={editing}
          onEdit={(ops) => document.edit(ops)}
        />
      )}
    </ControlHostProvider>
  );
}

/** Why this person may not press what stands on the page; null when they may. */
export function refusalOf({ operators }: Page, { can }: Dashboard): string | null {
  if (operators === "nobody") return "This page is for looking only";
  if (operators === "everyone" || can.control) return null;
  return "You may look at this page, not operate it";
}
