import { count } from "../../core/format";
import { setCollapsed } from "../../core/groups/edits";
import { membersOf } from "../../core/groups/frames";
import type { FlowGroup } from "../../core/types";
import { useCan, useEditor, useGraph } from "../../live/hooks";
import { Overwritten } from "../../merging/Overwritten";
import { useTextEdit } from "../node/useTextEdit";
import { PortNames } from "./PortNames";
import { CloseInspector } from "../CloseInspector";

/** The card of a collapsed group: its name, the names of its ports, and the way in. */
export function GroupInspector({ group }: { group: FlowGroup }) {
  const editor = useEditor();
  const graph = useGraph();
  const { edit } = useCan();
  const name = useTextEdit(group.name, (text) =>
    editor.apply([{ op: "set_group", id: group.id, fields: { name: text } }], { label: "Name a group" }),
  );
  return (
    <>
      <header className="inspector__head inspector__head--edge">
        <div className="inspector__who">
          <h2>
            <input
              className="inspector__label clip"
              aria-label="Name of the group"
              placeholder="Group"
              value={name.value}
              readOnly={!edit}
              autoComplete="off"
              maxLength={200}
              onChange={(event) => name.onChange(event.target.value)}
              onBlur={name.onBlur}
              onKeyDown={name.onKeyDown}
            />
          </h2>
          <p className="small muted num">Group of {count(membersOf(graph, group.id).length, "node")}</p>
          <Overwritten at={`group:${group.id}/name`} label="Name of the group" />
        </div>
        <CloseInspector />
      </header>
      <div className="inspector__body">
        <PortNames group={group} graph={graph} editable={edit} />
        <div className="inspector__ways">
          <button type="button" className="btn" onClick={() => editor.enter(group.id)}>
            Open the group
          </button>
          {edit && (
            <button type="button" className="btn" onClick={() => setCollapsed(editor, group.id, false)}>
              Expand it here
            </button>
          )}
        </div>
      </div>
    </>
  );
}
