import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { BoardActions } from "./actions";
import type { PagesDocument } from "./core/document";

interface ToolsProps {
  document: PagesDocument;
  actions: BoardActions;
}

/** What can be done with the page; what arranging needs is there while it is arranged. */
export function Tools({ document, actions }: ToolsProps) {
  const steps = useReadable(document.steps);
  const waiting = useReadable(document.waiting);
  const { canEdit, hasPage, editing } = actions;
  return (
    <div className="tools" role="toolbar" aria-label="Dashboard">
      {waiting > 0 && (
        <span className="state is-changed" role="status">
          <i className="mark" aria-hidden="true" />
          Saving
        </span>
      )}
      {editing && (
        <>
          <button
            type="button"
            className="btn btn--plain btn--icon btn--s"
            aria-label="Undo"
            title="Undo (Ctrl Z)"
            disabled={steps.undo === 0}
            onClick={actions.undo}
          >
            <Icon name="undo" />
          </button>
          <button
            type="button"
            className="btn btn--plain btn--icon btn--s"
            aria-label="Redo"
            title="Redo (Ctrl Shift Z)"
            disabled={steps.redo === 0}
            onClick={actions.redo}
          >
            <Icon name="redo" />
          </button>
          <button
            type="button"
            className="btn btn--s"
            onClick={() => actions.open("page")}
            disabled={!hasPage}
          >
            Page
          </button>
          <button
            type="button"
            className="btn btn--s"
            onClick={() => actions.open("add")}
            disabled={!hasPage}
          >
            <Icon name="plus" />
            Add node
          </button>
        </>
      )}
      {canEdit && hasPage && (
        <button
          type="button"
          className={`btn btn--s ${editing ? "btn--primary" : ""}`}
          aria-pressed={editing}
          onClick={() => actions.edit(!editing)}
        >
          {editing ? "Done" : "Arrange"}
        </button>
      )}
      <button
        type="button"
        className="btn btn--plain btn--icon btn--s tools__keys"
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => actions.open("keys")}
      >
        <Icon name="keyboard" />
      </button>
    </div>
  );
}
