import { useCallback, useEffect, type ReactNode } from "react";
import { stepName } from "../core/history";
import { useCan, useEditor, useFlow, useHistory } from "../live/hooks";
import { ProblemCount } from "../problems/ProblemCount";
import { Icon } from "../ui/Icon";
import { ConnectionPill } from "./ConnectionPill";
import { DeployState } from "./DeployState";
import { MentionBell } from "./MentionBell";
import { ThemeToggle } from "./ThemeToggle";

interface TopbarProps {
  /** The name of the panel that is open. */
  panel: string | null;
  open: (panel: string | null) => void;
  /** The name of the drawer that is open. */
  drawer: string | null;
  onDrawer: (drawer: string | null) => void;
  /** Who else is here. */
  children?: ReactNode;
}

export function Topbar({ panel, open, drawer, onDrawer, children }: TopbarProps) {
  const editor = useEditor();
  const { name, project } = useFlow();
  const { undo, redo } = useHistory();
  const { edit, control } = useCan();
  useEffect(() => {
    document.title = [name, project.name, "Weirflow"].join(" · ");
  }, [name, project.name]);
  const openConnection = useCallback((shown: boolean) => open(shown ? "connection" : null), [open]);
  return (
    <header className="topbar">
      <div className="topbar__side">
        <a className="logo" href="/" aria-label="All projects">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 8.5c3.5 0 3.5 7 7 7s3.5-7 7-7M12 4.5V9" />
          </svg>
        </a>
        <nav className="crumbs" aria-label="Where you are">
          <a className="clip" href={`/projects/${project.id}/`}>
            {project.name}
          </a>
          <span className="muted">/</span>
          <h1 className="crumbs__here clip">{name}</h1>
        </nav>
        <a className="btn btn--plain btn--s topbar__dashboard" href={`/projects/${project.id}/dashboards/`}>
          Dashboard
        </a>
        {!edit && (
          <span
            className="chip viewonly"
            title={
              control
                ? "You may look at this flow and press its controls, not change it"
                : "You may look at this flow, not change it"
            }
          >
            View only
          </span>
        )}
        <span className="rule" />
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="Undo"
          title={`${undo === null ? "Undo" : stepName("Undo", undo)} (Ctrl Z)`}
          disabled={undo === null}
          onClick={() => editor.undo()}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="Redo"
          title={`${redo === null ? "Redo" : stepName("Redo", redo)} (Ctrl Shift Z)`}
          disabled={redo === null}
          onClick={() => editor.redo()}
        >
          <Icon name="redo" />
        </button>
      </div>
      <button type="button" className="input command" onClick={() => open("commands")}>
        <Icon name="search" />
        <span className="grow muted clip">Find a node or run a command</span>
        <kbd className="key">Ctrl K</kbd>
      </button>
      <div className="topbar__side topbar__side--end">
        {children}
        <ProblemCount open={drawer === "problems"} onOpen={(shown) => onDrawer(shown ? "problems" : null)} />
        <DeployState />
        <ConnectionPill open={panel === "connection"} onOpen={openConnection} />
        <span className="rule" />
        <MentionBell />
        <ThemeToggle />
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => open("help")}
        >
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
  );
}
