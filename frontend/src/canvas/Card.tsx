import { Handle, type NodeProps } from "@xyflow/react";
import { memo, useMemo, type CSSProperties } from "react";
import { cardState, STATE_NAMES, type CardState } from "../core/cardState";
import { wiredKey } from "../core/cardLayouts";
import { isModuleAvailable } from "../core/catalogue";
import { count } from "../core/format";
import { HEAD_HEIGHT, type PlacedPort } from "../core/geometry";
import { useDiffers } from "../live/past";
import { useLit, useReplayMark } from "../live/replay";
import { useCan, useCatalogue, useComponent, useLive, useNode, useWords } from "../live/hooks";
import { useOpenThreads } from "../live/useOpenThreads";
import { Tile } from "../ui/Tile";
import { useCardExtras } from "./cardExtras";
import { showsFigure } from "./figure";
import { CardName } from "./CardName";
import { CommentBadge } from "./CommentBadge";
import { describing, POSITIONS, stateOf, type CanvasNode } from "./canvasNodes";

type CardProps = Pick<NodeProps<CanvasNode>, "id" | "data" | "selected">;

/**
 * A node. At most 15 elements: its bar, its dot for "not on the cluster" and the ports' labels are drawn by
 * pseudo-elements, because elements in the page are what a large flow costs. While it alone is selected, its buttons
 * stand below it.
 */
export const Card = memo(function Card({ id, data, selected }: CardProps) {
  const node = useNode(id);
  const live = useLive(id);
  const catalogue = useCatalogue();
  const component = useComponent(node?.module ?? "", node?.component ?? "");
  const { edit } = useCan();
  const wired = useMemo(() => new Set(data.wired.split("\n")), [data.wired]);
  const shown =
    node &&
    cardState(node, live, {
      component,
      catalogueRead: catalogue.components.length > 0,
      moduleAvailable: isModuleAvailable(catalogue, node.module),
    });
  const words = useWords(shown?.problem);
  const lit = useLit(id);
  const tested = useReplayMark(id);
  const talks = useOpenThreads(id);
  const { differs, mark } = useDiffers(id);
  const Extras = useCardExtras();
  if (!node || !shown) return null;
  const classes = ["card", `is-${shown.state}`];
  if (data.layout.height > HEAD_HEIGHT) classes.push("card--rows");
  const figure = shown.value !== "" && showsFigure(component);
  if (figure) classes.push("card--figure");
  if (selected) classes.push("card--selected");
  if (node.foreign) classes.push("card--foreign");
  if (lit) classes.push(`card--${lit}`);
  if (differs) classes.push(`differs-${differs}`);
  if (shown.fresh) classes.push("card--fresh");
  else if (shown.changed) classes.push("card--changed");
  return (
    <div className={classes.join(" ")}>
      <Tile icon={component?.icon ?? ""} category={component?.category ?? ""} />
      <CardName id={id} name={node.label || component?.title || node.component} />
      <i
        className={shown.state === "working" ? "mark is-turning" : "mark"}
        id={stateOf(id)}
        role="img"
        aria-label={markLabel(STATE_NAMES[shown.state], shown, live?.stats?.errors ?? 0)}
      />
      <p id={describing(id)} className="card__live" title={words || undefined}>
        {figure || isFigure(shown.value) ? <b>{shown.value}</b> : shown.value}
        {shown.value !== "" && shown.text !== "" && " · "}
        {words || shown.text}
      </p>
      {node.foreign && (
        <span className="card__home clip" title={`Belongs to the flow ${node.foreign.name}`}>
          {node.foreign.name}
        </span>
      )}
      {selected && Extras && <Extras id={id} />}
      {node.comment !== "" && (
        <p className="card__note" title={node.comment}>
          {node.comment}
        </p>
      )}
      {talks > 0 && <CommentBadge place={{ node: id, edge: null }} open={talks} />}
      {mark}
      {tested}
      {data.layout.ports.map((port) => (
        <PortDot
          key={`${port.source ? ">" : ""}${port.name}`}
          port={port}
          wired={wired.has(wiredKey(port))}
          edit={edit}
        />
      ))}
    </div>
  );
}, sameCard);

/** Where it stands is none of the card's business: while it is dragged it is not drawn again. */
function sameCard(one: CardProps, other: CardProps): boolean {
  return one.id === other.id && one.data === other.data && one.selected === other.selected;
}

/** Numbers stand out; a sentence or a message in bold would shout. */
function isFigure(value: string): boolean {
  return /^[-+]?\d/.test(value);
}

function markLabel(state: string, { fresh, changed }: CardState, errors: number): string {
  const parts = [state];
  if (errors > 0) parts.push(count(errors, "error"));
  if (fresh) parts.push("not on the cluster yet");
  else if (changed) parts.push("changes not on the cluster yet");
  return parts.join(", ");
}

export const PortDot = memo(function PortDot({
  port,
  wired,
  edit,
}: {
  port: PlacedPort;
  wired: boolean;
  edit: boolean;
}) {
  const classes = ["port"];
  if (wired) classes.push("port--wired");
  if (port.missing) classes.push("port--missing");
  if (port.name === "error") classes.push("port--error");
  if (port.row === null) classes.push("port--bare");
  const side = port.source ? "Output" : "Input";
  const label = port.missing ? `${port.label}: no such port` : port.label;
  return (
    <Handle
      id={port.name}
      type={port.source ? "source" : "target"}
      position={POSITIONS[port.position]}
      isConnectable={edit && !port.missing}
      className={classes.join(" ")}
      style={{ left: port.x, top: port.y } satisfies CSSProperties}
      role="img"
      data-label={port.label}
      title={port.row === null || port.missing ? label : undefined}
      aria-label={`${side} ${label}`}
    />
  );
});
