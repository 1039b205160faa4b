import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo, useMemo } from "react";
import { pressureOf, pressureText } from "../core/pressure";
import { backLevel, leadsBack, wirePath, type WireEnd, type WirePath } from "../core/wirePath";
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
import { useDiffers } from "../live/past";
import { useLit } from "../live/replay";
import { useOpenThreads } from "../live/useOpenThreads";
import { Icon } from "../ui/Icon";
import type { Carried } from "../core/visible";
import type { CanvasEdge, WireData } from "./canvasEdges";
import { useCanvasState, useIs } from "./canvasState";
import { CommentBadge } from "./CommentBadge";
import { useCarriedWire } from "./carrying";
import { hasChip, WireChip } from "./WireChip";

const HIT_WIDTH = 16;

type WireProps = Pick<EdgeProps<CanvasEdge>, "id" | "source" | "target" | "selected" | "data">;

/**
 * A wire: its path from dot to dot, and in the middle its rate, its error, or a doubt about its mapping. A click anywhere on it selects it,
 * so nothing in its middle takes the pointer; the way to delete it stands above, on the only wire selected.
 */
export const Wire = memo(function Wire({ id, source, target, selected, data }: WireProps) {
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
  const path = useMemo(() => data && pathOf(data, source, target, carried), [data, source, target, carried]);
  const lit = useLit(id);
  const talks = useOpenThreads(id);
  const { differs, mark } = useDiffers(id);
  const pressure = pressureOf(live);
  const classes = ["wire"];
  if (live?.error || verdict?.outcome === "invalid") classes.push("wire--error");
  else if (edge?.rev === 0 || sourceIsFresh || targetIsFresh) classes.push("wire--fresh");
  else if (pressure !== "none") classes.push(`wire--${pressure}`);
  if (lit) classes.push(`wire--${lit}`);
  if (differs) classes.push(`differs-${differs}`);
  if (selected) classes.push("wire--active");
  if (isTarget) classes.push("wire--target");
  if (carried === "whole") classes.push("carried");
  const deletable = edit && isOnly;
  const pressed = live && pressure !== "none" ? `Messages wait here: ${pressureText(live)}` : "";
  const reason =
    words || pressed || (verdict?.outcome === "valid" ? "" : (verdict?.findings[0]?.message ?? ""));
  if (!path) return null;
  const { d, middle } = path;
  return (
    <>
      {reason && <title>{reason}</title>}
      <BaseEdge path={d} className={classes.join(" ")} interactionWidth={HIT_WIDTH} />
      {(deletable || differs || talks > 0 || hasChip({ live, verdict })) && (
        <EdgeLabelRenderer>
          <div
            className={carried === "whole" ? "wire__label carried" : "wire__label"}
            style={{
              transform: `translate(-50%, -50%) translate(${String(middle.x)}px, ${String(middle.y)}px)`,
            }}
          >
            <WireChip live={live} verdict={verdict} />
            {talks > 0 && <CommentBadge place={{ node: null, edge: id }} open={talks} />}
            {mark}
            {deletable && <DeleteWire id={id} />}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}, sameWire);

/** Where its ends are says its data: what the library works out of them is none of its business. */
function sameWire(one: WireProps, other: WireProps): boolean {
  return one.id === other.id && one.data === other.data && one.selected === other.selected;
}

function pathOf(data: WireData, source: string, target: string, carried: Carried | "whole" | null): WirePath {
  if (carried === null || carried === "whole") return wirePath(data.start, data.end, data.level);
  const start = carriedTo(data.start, source, carried);
  const end = carriedTo(data.end, target, carried);
  return wirePath(start, end, leadsBack(start, end) ? backLevel(start, end, data.around()) : undefined);
}

/** Where an end is while its card alone is carried. */
function carriedTo(end: WireEnd, node: string, carried: Carried): WireEnd {
  if (!carried.ids.has(node)) return end;
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
