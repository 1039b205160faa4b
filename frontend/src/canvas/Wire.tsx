import { BaseEdge, EdgeLabelRenderer, getBezierPath, Position, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { PORT_SIZE } from "../core/geometry";
import { rateText } from "../core/format";
import type { EdgeLive } from "../core/types";
import { useCan, useEdge, useEdgeLive, useEditor, useIsFresh, useIsOnlyEdge } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { useCanvasState, useIs } from "./canvasState";
import type { CanvasEdge } from "./canvasEdges";

const HIT_WIDTH = 16;

/** A wire: its path from dot to dot, and in the middle its rate, its error, or the way to delete it. */
export const Wire = memo(function Wire(props: EdgeProps<CanvasEdge>) {
  const { id, source, target, selected } = props;
  const live = useEdgeLive(id);
  const { hovered } = useCanvasState();
  const isHovered = useIs(hovered, id);
  const isOnly = useIsOnlyEdge(id);
  const { edit } = useCan();
  const edge = useEdge(id);
  const sourceIsFresh = useIsFresh(source);
  const targetIsFresh = useIsFresh(target);
  const [start, end] = centres(props);
  const [path, x, y] = getBezierPath({
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: props.sourcePosition,
    targetX: end.x,
    targetY: end.y,
    targetPosition: props.targetPosition,
  });
  const classes = ["wire"];
  if (live?.error) classes.push("wire--error");
  else if (edge?.rev === 0 || sourceIsFresh || targetIsFresh) classes.push("wire--fresh");
  if (selected || isHovered) classes.push("wire--active");
  const active = edit && (isOnly || isHovered);
  return (
    <>
      <BaseEdge path={path} className={classes.join(" ")} interactionWidth={HIT_WIDTH} />
      {(active || live?.error || (live?.rate ?? 0) > 0) && (
        <EdgeLabelRenderer>
          <div
            className="wire__label nodrag nopan"
            style={{ transform: `translate(-50%, -50%) translate(${String(x)}px, ${String(y)}px)` }}
            onMouseEnter={() => hovered.set(id)}
            onMouseLeave={() => hovered.set(null)}
          >
            <WireChip live={live} />
            {active && <DeleteWire id={id} />}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function WireChip({ live }: { live: EdgeLive | undefined }) {
  if (live?.error) {
    return (
      <span className="wire__chip is-error" title={live.error.message}>
        <i className="mark" role="img" aria-label="Error on this wire:" />
        <span className="clip">{live.error.message}</span>
      </span>
    );
  }
  const rate = live?.rate ?? 0;
  return rate > 0 ? <span className="wire__chip num">{rateText(rate)}</span> : null;
}

function DeleteWire({ id }: { id: string }) {
  const editor = useEditor();
  return (
    <button
      type="button"
      className="wire__delete"
      aria-label="Delete this wire"
      onClick={(event) => {
        event.stopPropagation();
        editor.apply([{ op: "delete_edge", id }], { label: "Delete a wire" });
      }}
    >
      <Icon name="close" size="s" />
    </button>
  );
}

/** The library ends wires at the outer rim of a port; ours end in the middle of its dot. */
function centres(props: EdgeProps<CanvasEdge>) {
  const half = PORT_SIZE / 2;
  const inward = (position: Position, x: number, y: number) => ({
    x: position === Position.Left ? x + half : position === Position.Right ? x - half : x,
    y: position === Position.Top ? y + half : position === Position.Bottom ? y - half : y,
  });
  return [
    inward(props.sourcePosition, props.sourceX, props.sourceY),
    inward(props.targetPosition, props.targetX, props.targetY),
  ] as const;
}
