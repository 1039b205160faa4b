import { memo } from "react";
import { deleteWithNodes, setCollapsed, ungroup } from "../../core/groups/edits";
import { membersOf } from "../../core/groups/frames";
import type { FlowGroup } from "../../core/types";
import { useCan, useEditor } from "../../live/hooks";
import { useDiffers } from "../../live/past";
import { useCanvasState, useIs } from "../canvasState";
import { FrameTitle } from "./FrameTitle";
import { FrameTools } from "./FrameTools";
import { useFrameDrag } from "./useFrameDrag";

/** The frame of a group: its bar moves it and selects its nodes, its corner resizes it. */
export const GroupFrame = memo(function GroupFrame({ group }: { group: FlowGroup }) {
  const editor = useEditor();
  const { edit } = useCan();
  const { frame, renaming } = useCanvasState();
  const picked = useIs(frame, group.id);
  const { rect, bar, corner } = useFrameDrag(group.id, group);
  const { id } = group;
  const classes = ["frame", "frame--group", `is-${group.colour}`];
  const { differs, mark } = useDiffers(group.id);
  if (picked) classes.push("is-picked");
  if (differs) classes.push(`differs-${differs}`);
  const pick = (): void => {
    frame.set(id);
    editor.select({ nodes: membersOf(editor.graph, id).map((node) => node.id) });
  };
  return (
    <section
      className={classes.join(" ")}
      style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      aria-label={`Group ${group.name}`}
      data-frame={id}
    >
      <header
        className="frame__bar nopan"
        {...bar}
        onPointerDown={(event) => {
          pick();
          bar.onPointerDown(event);
        }}
        onDoubleClick={() => edit && renaming.set(id)}
      >
        <FrameTitle group={group} onPick={pick} />
      </header>
      {mark}
      {picked && edit && (
        <FrameTools
          frame={rect}
          colour={group.colour}
          onColour={(colour) =>
            editor.apply([{ op: "set_group", id, fields: { colour } }], { label: "Colour a group" })
          }
          tools={[
            { icon: "enter", label: "Show only this group", run: () => editor.enter(id) },
            { icon: "fold", label: "Collapse into one card", run: () => setCollapsed(editor, id, true) },
            { icon: "close", label: "Ungroup: keep the nodes", run: () => ungroup(editor, id) },
            { icon: "trash", label: "Delete with its nodes", run: () => deleteWithNodes(editor, id) },
          ]}
        />
      )}
      {edit && <span className="frame__corner nopan" {...corner} />}
    </section>
  );
});
