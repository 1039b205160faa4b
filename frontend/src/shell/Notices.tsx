import { useEffect, useState, type ReactNode } from "react";
import type { Notice } from "../core/editorTypes";
import { count } from "../core/format";
import { useEditor, useNotices } from "../live/hooks";
import { Icon } from "../ui/Icon";

/** Long enough to read; errors stay until they are put away. */
const SHOWN_MS = { info: 5000, warning: 9000 };
const CLASSES = { error: "is-error", warning: "is-warning", info: "is-ok" };

/**
 * What the person should know, in the corner of the canvas; read out as it comes. Only the newest message lies
 * open, so that they never cover much of the flow; Escape puts all of them away.
 */
export function Notices({ children }: { children?: ReactNode }) {
  const notices = useNotices();
  const [open, setOpen] = useState(false);
  const folded = notices.length - 1;
  // A list that was unfolded and then emptied starts folded again.
  if (open && folded < 1) setOpen(false);
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="Messages">
      {children}
      {folded > 0 && (
        <button
          type="button"
          className="btn btn--s notices__more"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? "Fewer messages" : count(folded, "more message")}
        </button>
      )}
      {notices.map((notice, index) => (
        <Toast key={notice.id} notice={notice} hidden={!open && index < folded} />
      ))}
    </div>
  );
}

/** A hidden one goes when its time has come, as the others do. */
function Toast({ notice, hidden }: { notice: Notice; hidden: boolean }) {
  const editor = useEditor();
  const { id, kind, message, node, edge, action } = notice;
  useEffect(() => {
    if (kind === "error" || action) return;
    const timer = setTimeout(() => editor.dismiss(id), SHOWN_MS[kind]);
    return () => clearTimeout(timer);
  }, [editor, id, kind, action]);
  const concerned = node ?? edge;
  return (
    <div className={`toast ${CLASSES[kind]}`} hidden={hidden}>
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
        title="Put away (Esc)"
        onClick={() => editor.dismiss(id)}
      >
        <Icon name="close" size="s" />
      </button>
    </div>
  );
}
