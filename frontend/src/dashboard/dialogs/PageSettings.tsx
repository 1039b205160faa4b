import { useState } from "react";

import { closeAround, Dialog } from "../../ui/Dialog";
import type { Dashboard, Operators, Page, PageOp } from "../core/types";
import { CloseDialog } from "./CloseDialog";

const OPERATORS: readonly { value: Operators; title: string; about: string }[] = [
  { value: "nobody", title: "Nobody", about: "The page is for looking only." },
  { value: "editors", title: "Editors", about: "Those who may control nodes in the flows too." },
  {
    value: "everyone",
    title: "Everyone who sees it",
    about: "People who may only view the project can press what stands on this page. Owners decide this.",
  },
];

interface PageSettingsProps {
  dashboard: Dashboard;
  page: Page;
  onEdit: (ops: PageOp[]) => void;
  onClose: () => void;
}

/** The page's name, its place among the tabs, and who may operate it. */
export function PageSettings({ dashboard, page, onEdit, onClose }: PageSettingsProps) {
  const [name, setName] = useState(page.name);
  const rename = (): void => {
    const next = name.trim();
    if (next !== "" && next !== page.name) onEdit([{ op: "set_page", id: page.id, fields: { name: next } }]);
  };
  const at = dashboard.pages.findIndex(({ id }) => id === page.id);
  const swap = (by: -1 | 1): void => {
    const order = dashboard.pages.map(({ id }) => id);
    const [moved] = order.splice(at, 1);
    if (moved === undefined) return;
    order.splice(at + by, 0, moved);
    onEdit(
      order.flatMap((id, position) =>
        dashboard.pages.find((one) => one.id === id)?.position === position
          ? []
          : [{ op: "set_page", id, fields: { position } }],
      ),
    );
  };
  return (
    <Dialog
      title="Page"
      onClose={() => {
        rename();
        onClose();
      }}
    >
      <div className="settings">
        <label className="settings__row">
          <span>Name</span>
          <input
            className="input"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onBlur={rename}
          />
        </label>
        <fieldset className="settings__fields">
          <legend>Who may operate it</legend>
          {OPERATORS.map(({ value, title, about }) => (
            <label key={value} className="settings__choice">
              <input
                type="radio"
                name="operators"
                checked={page.operators === value}
                disabled={value === "everyone" && !dashboard.can.manage}
                onChange={() => onEdit([{ op: "set_page", id: page.id, fields: { operators: value } }])}
              />
              <span>
                {title}
                <span className="small muted settings__about">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="line">
          <button type="button" className="btn btn--s" disabled={at <= 0} onClick={() => swap(-1)}>
            Move left
          </button>
          <button
            type="button"
            className="btn btn--s"
            disabled={at === dashboard.pages.length - 1}
            onClick={() => swap(1)}
          >
            Move right
          </button>
          <span className="grow" />
          <button
            type="button"
            className="btn btn--s btn--danger"
            title="Undo brings it back"
            onClick={(event) => {
              const element = event.currentTarget;
              onEdit([{ op: "delete_page", id: page.id }]);
              closeAround(element);
            }}
          >
            Delete page
          </button>
        </div>
        <CloseDialog />
      </div>
    </Dialog>
  );
}
