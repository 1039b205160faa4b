import { useEffect, useRef, type KeyboardEvent } from "react";
import type { FlowGroup } from "../../core/types";
import { useEditor } from "../../live/hooks";
import { useCanvasState, useIs } from "../canvasState";

/** A group's name; a field while it is being renamed. */
export function FrameTitle({ group, onPick }: { group: FlowGroup; onPick?: () => void }) {
  const { renaming } = useCanvasState();
  if (useIs(renaming, group.id)) return <TitleField group={group} done={() => renaming.set(null)} />;
  if (!onPick) return <>{group.name || "Group"}</>;
  return (
    <button type="button" className="frame__title" title={group.name} onFocus={onPick}>
      {group.name || "Group"}
    </button>
  );
}

function TitleField({ group, done }: { group: FlowGroup; done: () => void }) {
  const editor = useEditor();
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const finish = (keep: boolean): void => {
    // Enter ends the field, and taking it away makes it lose focus: only the first of the two counts.
    if (ended.current) return;
    ended.current = true;
    const name = field.current?.value.trim() ?? "";
    if (keep && name !== group.name) {
      editor.apply([{ op: "set_group", id: group.id, fields: { name } }], { label: "Name a group" });
    }
    done();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true);
    else if (event.key === "Escape") finish(false);
  };
  return (
    <input
      ref={field}
      className="frame__rename nodrag"
      aria-label="Name of the group"
      defaultValue={group.name}
      maxLength={200}
      onKeyDown={onKeyDown}
      onBlur={() => finish(true)}
    />
  );
}
