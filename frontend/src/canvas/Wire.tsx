import {
  BaseEdge,
  EdgeLabelRenderer,
  Position,
  useInternalNode,
  useStore,
  type EdgeProps,
  type InternalNode,
  type ReactFlowState,
} from "@xyflow/react";
import { memo, useCallback, useMemo } from "react";
import { PORT_SIZE, type Rect } from "../core/geometry";
import { pressureOf, pressureText } from "../core/pressure";
import type { PortPosition } from "../core/types";
import { backLevel, leadsBack, wirePath, type WireEnd } from "../core/wirePath";
import {
  useCan,
  useEdge,
  useEdgeLive,
  useEditor,
  useIsFresh,
  useIsOnlyEdge,
  useVerdict,
  useWords,
} from "../live/hooks";
import { useLit } from "../live/replay";
import { Icon } from "../ui/Icon";
import type { Carried } from "../core/visible";
import type { CanvasEdge } from "./canvasEdges";
import type { CardData } from "./canvasNodes";
import { useCanvasState, useIs } from "./canvasState";
import { useCarriedWire } from "./carrying";
import { hasChip, WireChip } from "./WireChip";

const HIT_WIDTH = 16;
/** In a larger flow, looking at every card for each wire that leads back would cost more than it shows. */
const LOOK_AROUND = 150;

/**
 * A wire: its path from dot to dot, and in the middle its rate, its error, or a doubt about its mapping. A click anywhere on it selects it,
 * so nothing in its middle takes the pointer; the way to delete it stands above, on the only wire selected.
 */
export const Wire = memo(function Wire(props: EdgeProps<CanvasEdge>) {
  const { id, source, target, selected } = props;
  const live = useEdgeLive(id);
  const words = useWords(live?.error);
  const verdict = useVerdict(id);
  const isOnly = useIsOnlyEdge(id);
  const isTarget = useIs(useCanvasState().insertOn, id);
  const { edit } = useCan();
  const edge = useEdge(id);
  const sourceIsFresh = useIsFresh(source);
  const targetIsFresh = useIsFresh(target);
  const carried = useCarriedWire(source, target);
  const start = carriedTo(
    useEnd(source, props.sourcePosition, props.sourceX, props.sourceY),
    source,
    carried,
  );
  const end = carriedTo(useEnd(target, props.targetPosition, props.targetX, props.targetY), target, carried);
  const level = useBackLevel(start, end);
  const { d, middle } = useMemo(() => wirePath(start, end, level), [start, end, level]);
  const lit = useLit(id);
  const pressure = pressureOf(live);
  const classes = ["wire"];
  if (live?.error || verdict?.outcome === "invalid") classes.push("wire--error");
  else if (edge?.rev === 0 || sourceIsFresh || targetIsFresh) classes.push("wire--fresh");
  else if (pressure !== "none") classes.push(`wire--${pressure}`);
  if (lit) classes.push(`wire--${lit}`);
  if (selected) classes.push("wire--active");
  if (isTarget) classes.push("wire--target");
  if (carried === "whole") classes.push("carried");
  const deletable = edit && isOnly;
  const pressed = live && pressure !== "none" ? `Messages wait here: ${pressureText(live)}` : "";
  const reason =
    words || pressed || (verdict?.outcome === "valid" ? "" : (verdict?.findings[0]?.message ?? ""));
  return (
    <>
      {reason && <title>{reason}</title>}
      <BaseEdge path={d} className={classes.join(" ")} interactionWidth={HIT_WIDTH} />
      {(deletable || hasChip({ live, verdict })) && (
        <EdgeLabelRenderer>
          <div
            className={carried === "whole" ? "wire__label carried" : "wire__label"}
            style={{
              transform: `translate(-50%, -50%) translate(${String(middle.x)}px, ${String(middle.y)}px)`,
            }}
          >
            <WireChip live={live} verdict={verdict} />
            {deletable && <DeleteWire id={id} />}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** Where an end is while its card alone is carried. */
function carriedTo(end: WireEnd, node: string, carried: Carried | "whole" | null): WireEnd {
  if (carried === null || carried === "whole" || !carried.ids.has(node)) return end;
  const { x, y } = carried.by;
  const card = { ...end.card, x: end.card.x + x, y: end.card.y + y };
  return { ...end, x: end.x + x, y: end.y + y, card };
}

function DeleteWire({ id }: { id: string }) {
  const editor = useEditor();
  return (
    <button
      type="button"
      className="wire__delete nodrag nopan"
      title="Delete this wire (Del)"
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

/** On which height a wire that leads back is free of cards; undefined where that is not asked. */
function useBackLevel(start: WireEnd, end: WireEnd): number | undefined {
  const read = useCallback(
    ({ nodeLookup }: ReactFlowState) => {
      if (!leadsBack(start, end) || nodeLookup.size > LOOK_AROUND) return undefined;
      return backLevel(start, end, Array.from(nodeLookup.values(), rectOf));
    },
    [start, end],
  );
  return useStore(read);
}

function rectOf({ internals, measured, data }: InternalNode): Rect {
  const { x, y } = internals.positionAbsolute;
  return { x, y, width: measured.width ?? 0, height: (data as CardData).fullHeight };
}

const SIDES: Record<Position, PortPosition> = { top: 0, right: 1, bottom: 2, left: 3 };

/** The library ends wires at the outer rim of a port; ours end in the middle of its dot. */
function useEnd(node: string, position: Position, x: number, y: number): WireEnd {
  const internal = useInternalNode(node);
  const { x: left, y: top, width, height } = internal ? rectOf(internal) : { x, y, width: 0, height: 0 };
  return useMemo(() => {
    const half = PORT_SIZE / 2;
    return {
      side: SIDES[position],
      x: position === Position.Left ? x + half : position === Position.Right ? x - half : x,
      y: position === Position.Top ? y + half : position === Position.Bottom ? y - half : y,
      card: { x: left, y: top, width, height },
    };
  }, [position, x, y, left, top, width, height]);
}
