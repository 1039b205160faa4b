import type { NodeProps } from "@xyflow/react";
import { memo, useCallback, useMemo, useSyncExternalStore } from "react";
import { wiredKey } from "../../core/cardLayouts";
import { STATE_NAMES } from "../../core/cardState";
import { HEAD_HEIGHT } from "../../core/geometry";
import { isBorder } from "../../core/groups/borderIds";
import { summaryText } from "../../core/groups/summary";
import type { FlowGroup } from "../../core/types";
import { useCan, useEditor } from "../../live/hooks";
import { useGroupSummary } from "../../live/useGroupSummary";
import { useOpenThreadsWithin } from "../../live/useOpenThreads";
import { Icon } from "../../ui/Icon";
import { CommentBadge } from "../CommentBadge";
import { describing, type CanvasNode } from "../canvasNodes";
import { useCanvasState } from "../canvasState";
import { PortDot } from "../Card";
import { BorderCard } from "./BorderCard";
import { FrameTitle } from "./FrameTitle";

type GroupCardProps = Pick<NodeProps<CanvasNode>, "id" | "data" | "selected">;

/** A card that is no node's: a collapsed group, or what is outside of the group that fills the canvas. */
export const GroupCard = memo(function GroupCard({ id, data, selected }: GroupCardProps) {
  if (isBorder(id)) return <BorderCard id={id} data={data} />;
  return <FoldedCard id={id} data={data} selected={selected} />;
});

/** A collapsed group: one card with the ports at which wires cross its border. A double click opens it. */
function FoldedCard({ id, data, selected }: GroupCardProps) {
  const editor = useEditor();
  const { edit } = useCan();
  const { frame } = useCanvasState();
  const group = useGroup(id);
  const summary = useGroupSummary(id);
  const talks = useOpenThreadsWithin(id);
  const wired = useMemo(() => new Set(data.wired.split("\n")), [data.wired]);
  if (!group) return null;
  const classes = ["card", "card--fold", `is-${summary.state}`];
  if (data.layout.height > HEAD_HEIGHT) classes.push("card--rows");
  if (selected) classes.push("card--selected");
  return (
    <div
      className={classes.join(" ")}
      title="Double-click to open"
      onPointerDown={() => frame.set(id)}
      onDoubleClick={(event) => {
        event.stopPropagation();
        editor.enter(id);
      }}
    >
      <span className={`tile card__fold is-${group.colour}`}>
        <Icon name="frame" size="s" />
      </span>
      <h3 className="card__name">
        <FrameTitle group={group} />
      </h3>
      <i
        className={summary.state === "working" ? "mark is-turning" : "mark"}
        role="img"
        aria-label={STATE_NAMES[summary.state]}
      />
      <p id={describing(id)} className="card__live">
        {summaryText(summary)}
      </p>
      {talks > 0 && <CommentBadge place={null} open={talks} />}
      {data.layout.ports.map((port) => (
        <PortDot key={port.name} port={port} wired={wired.has(wiredKey(port))} edit={edit} />
      ))}
    </div>
  );
}

function useGroup(id: string): FlowGroup | undefined {
  const editor = useEditor();
  const subscribe = useCallback((listener: () => void) => editor.subscribeTo(id, listener), [editor, id]);
  return useSyncExternalStore(subscribe, () => editor.graph.groups.get(id));
}
