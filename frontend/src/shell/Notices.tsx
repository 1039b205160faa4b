import { useEffect } from "react";
import type { Notice } from "../core/editorTypes";
import { useEditor, useNotices } from "../live/hooks";
import { Icon } from "../ui/Icon";

/** Long enough to read; errors stay until they are put away. */
const SHOWN_MS = { info: 5000, warning: 9000 };
const CLASSES = { error: "is-error", warning: "is-warning", info: "is-ok" };

/** What the person should know, in the corner of the canvas; read out as it comes. */
export function Notices() {
  const notices = useNotices();
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="Messages">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Toast({ notice }: { notice: Notice }) {
  const editor = useEditor();
  const { id, kind, message, node, edge, action } = notice;
  useEffect(() => {
    if (kind === "error" || action) return;
    const timer = setTimeout(() => editor.dismiss(id), SHOWN_MS[kind]);
    return () => clearTimeout(timer);
  }, [editor, id, kind, action]);
  const concerned = node ?? edge;
  return (
    <div className={`toast ${CLASSES[kind]}`}>
      <i className="mark" />
      <p className="grow">{message}</p>
      {action && (
        <button
          type="button"
          className="btn btn--s"
          onClick={() => {
            editor.dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      {concerned !== undefined && (
        <button type="button" className="btn btn--plain btn--s" onClick={() => editor.reveal(concerned)}>
          Show
        </button>
      )}
      <button
        type="button"
        className="btn btn--plain btn--icon btn--s"
        aria-label="Put away"
        onClick={() => editor.dismiss(id)}
      >
        <Icon name="close" size="s" />
      </button>
    </div>
  );
}
