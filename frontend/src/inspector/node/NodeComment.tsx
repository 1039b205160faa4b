import type { FlowNode } from "../../core/types";
import { useEditor } from "../../live/hooks";
import { Overwritten } from "../../merging/Overwritten";
import { useTextEdit } from "./useTextEdit";

/** What people should know about this node. */
export function NodeComment({ node, editable }: { node: FlowNode; editable: boolean }) {
  const editor = useEditor();
  const edit = useTextEdit(
    node.comment,
    (comment) => editor.apply([{ op: "set_node", id: node.id, fields: { comment } }], { label: "Comment" }),
    true,
  );
  if (!editable && !node.comment) return null;
  return (
    <>
      <textarea
        className="inspector__comment"
        aria-label="Comment"
        rows={1}
        placeholder="Add a comment"
        value={edit.value}
        readOnly={!editable}
        onChange={(event) => edit.onChange(event.target.value)}
        onBlur={edit.onBlur}
        onKeyDown={edit.onKeyDown}
      />
      <Overwritten at={`node:${node.id}/comment`} label="Comment" />
    </>
  );
}
