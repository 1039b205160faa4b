import { useEffect, useMemo, useState } from "react";
import { useEditor, useFlow } from "../live/hooks";
import { closeAround, Dialog, moveFocus } from "../ui/Dialog";
import { bringIn } from "./bringIn";
import { useShowAll } from "./useShowAll";
import { filesApi } from "./filesApi";
import { Preview } from "./Preview";
import type { FilesApi, Template } from "./types";
import "./files.css";

interface TemplatesDialogProps {
  onClose: () => void;
  /** Of tests. */
  api?: FilesApi;
}

/** Flows to start from, with pictures: the chosen one is added to the flow as one step. Each has a page of its own. */
export default function TemplatesDialog({ onClose, api: given }: TemplatesDialogProps) {
  const editor = useEditor();
  const flow = useFlow();
  const show = useShowAll();
  const api = useMemo(() => given ?? filesApi(flow.project.id, flow.id), [given, flow.project.id, flow.id]);
  const [all, setAll] = useState<readonly Template[] | null>(null);
  const [search, setSearch] = useState("");
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    api.templates().then(setAll, (error: unknown) => setSaid(textOf(error)));
  }, [api]);
  const found = useMemo(() => (all ?? []).filter((one) => holds(one, search)), [all, search]);

  const use = (template: Template, element: Element): void => {
    setBusy(true);
    setSaid("");
    const work = async (): Promise<void> => {
      const text = await api.template(template.id);
      await bringIn(editor, api, { text, name: template.name }, undefined, show);
      closeAround(element);
    };
    work()
      .catch((error: unknown) => setSaid(textOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title="Start from a template"
      onClose={onClose}
      onKeyDown={(event) => {
        const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        moveFocus(event.currentTarget, ".template", step);
      }}
    >
      <div className="input">
        <input
          type="search"
          autoFocus
          aria-label="Find a template"
          placeholder="Find a template"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {said !== "" && (
        <p className="is-error" role="alert">
          {said}
        </p>
      )}
      {all === null && said === "" && (
        <p className="muted" role="status">
          Reading the templates
        </p>
      )}
      {all !== null && found.length === 0 && (
        <p className="muted" role="status">
          No template has “{search}” in its name, description or components.
        </p>
      )}
      <ul className="templates" aria-label="Templates">
        {found.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className="template"
              disabled={busy}
              onClick={(event) => use(one, event.currentTarget)}
            >
              <Preview nodes={one.nodes} wires={one.wires} />
              <span className="stack template__about">
                <span className="strong">{one.name}</span>
                <span className="small muted">{one.description}</span>
                {one.secrets.length > 0 && (
                  <span className="small muted">
                    Needs <code>{one.secrets.join(", ")}</code>
                  </span>
                )}
              </span>
            </button>
            <a
              className="template__more small"
              href={`/templates/${one.id}/?project=${flow.project.id}`}
              target="_blank"
              rel="noopener"
            >
              About it<span className="unseen">: {one.name}</span>
            </a>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Whether each word of the search stands somewhere in what is said of the template. */
function holds(one: Template, search: string): boolean {
  const words = [one.name, one.description, ...one.components].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "The templates could not be read.";
}
