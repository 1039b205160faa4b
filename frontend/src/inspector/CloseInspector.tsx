import { useEditor } from "../live/hooks";
import { Icon } from "../ui/Icon";

/** Ends the selection, and with it the panel. */
export function CloseInspector() {
  const editor = useEditor();
  return (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s"
      aria-label="Close"
      title="Close (Esc on the canvas)"
      onClick={() => editor.select({})}
    >
      <Icon name="close" />
    </button>
  );
}
