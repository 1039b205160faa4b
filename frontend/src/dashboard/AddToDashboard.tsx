import { useEffect, useMemo, useState } from "react";

import { newUuid } from "../core/ids";
import { useComponent, useFlow, useNode, useSelection } from "../live/hooks";
import { closeAround, Dialog } from "../ui/Dialog";
import { dashboardApi } from "./api";
import { widgetsOf } from "./core/apply";
import type { Dashboard, Page, PageOp } from "./core/types";
import { addOp } from "./dialogs/AddWidget";
import "./dialogs/dialogs.css";

/** In the editor: puts the selected node's control panel on a page of the project's dashboard. */
export default function AddToDashboard({ onClose }: { onClose: () => void }) {
  const { nodes } = useSelection();
  const [id = ""] = nodes;
  const node = useNode(id);
  const component = useComponent(node?.module ?? "", node?.component ?? "");
  const flow = useFlow();
  const api = useMemo(() => dashboardApi(flow.project.id), [flow.project.id]);
  const [found, setFound] = useState<Dashboard | null>(null);
  const [said, setSaid] = useState("");
  const [done, setDone] = useState<Page | null>(null);
  const fail = (error: unknown): void =>
    setSaid(error instanceof Error ? error.message : "The dashboard could not be changed.");
  useEffect(() => {
    api.load().then(setFound, fail);
  }, [api]);
  if (!node) return null;

  const add = (page: Page, before: readonly PageOp[] = []): void => {
    const choice = { ...node, flow: { id: flow.id, name: flow.name } };
    const op = addOp(choice, component, page, found ? widgetsOf(found, page.id) : []);
    setSaid("");
    api.change(newUuid(), [...before, op]).then(() => setDone(page), fail);
  };
  const addPage = (): void => {
    const page: Page = { id: newUuid(), name: flow.name, operators: "editors", position: 0 };
    const { id: pageId, name, operators } = page;
    add(page, [{ op: "add_page", id: pageId, name, operators }]);
  };
  return (
    <Dialog
      title={`Add ${node.label || component?.title || node.component} to a dashboard`}
      onClose={onClose}
    >
      <div className="pick">
        {said !== "" && (
          <p className="is-error" role="alert">
            {said}
          </p>
        )}
        {!found && said === "" && (
          <p className="quiet" role="status">
            Reading the dashboard
          </p>
        )}
        {done && (
          <>
            <p className="quiet" role="status">
              It stands on {done.name}.
            </p>
            <div className="line">
              <a className="btn btn--primary" href={`/projects/${flow.project.id}/dashboards/${done.id}/`}>
                Open the dashboard
              </a>
              <button type="button" className="btn" onClick={(event) => closeAround(event.currentTarget)}>
                Stay here
              </button>
            </div>
          </>
        )}
        {found && !done && (
          <>
            <ul className="pick__list" aria-label="Pages">
              {found.pages.map((page) => (
                <li key={page.id}>
                  <button type="button" className="pick__node" onClick={() => add(page)}>
                    <span className="grow clip">{page.name}</span>
                    {widgetsOf(found, page.id).some((widget) => widget.node === node.id) && (
                      <span className="small muted">on this page</span>
                    )}
                  </button>
                </li>
              ))}
            </ul>
            <button type="button" className="btn" onClick={addPage}>
              New page
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}
