import { useEditor, useFlow } from "../live/hooks";
import { useOpenGroup } from "../live/useViewed";
import { Icon } from "../ui/Icon";
import "./grouppath.css";

/** Where in the flow a person is while one group fills the canvas, and the way back. */
export function GroupPath() {
  const editor = useEditor();
  const { name } = useFlow();
  const group = useOpenGroup();
  if (group === null) return null;
  return (
    <nav className="grouppath" aria-label="Where in the flow you are">
      <button
        type="button"
        className="grouppath__up clip"
        title="Back to the flow (Esc)"
        onClick={() => editor.enter(null)}
      >
        <Icon name="left" size="s" />
        <span className="clip">{name}</span>
      </button>
      <Icon name="right" size="s" />
      <span className={`grouppath__here clip is-${group.colour}`} aria-current="page">
        {group.name || "Group"}
      </span>
    </nav>
  );
}
