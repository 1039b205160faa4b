import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type WheelEvent } from "react";
import { durationText } from "../core/format";
import type { Run } from "../core/types";
import { Icon } from "../ui/Icon";
import { ReplayBar } from "./ReplayBar";
import {
  tickText,
  ticks,
  timelineRows,
  moved,
  wholeOf,
  zoomed,
  type Span1D,
  type TimelineRow,
} from "./timeline";
import { useReplaySteps } from "./useReplaySteps";

interface RunTimelineProps {
  run: Run;
  chosen: string | null;
  onChoose: (row: TimelineRow) => void;
  nameOf: (node: string | null) => string;
  /** Stands in the head: what can be done with the whole run. */
  tools?: ReactNode;
}

const STEP = 1.6;

/** The hops of one run over its time, each below the one that sent it. Zoomed with the buttons, or Ctrl and the wheel. */
export function RunTimeline({ run, chosen, onChoose, nameOf, tools }: RunTimelineProps) {
  const rows = useMemo(() => timelineRows(run.spans), [run]);
  const whole = useMemo(() => wholeOf(run), [run]);
  const [part, setPart] = useState<Span1D>({ from: 0, to: whole });
  const axis = useRef<HTMLDivElement>(null);
  const replay = useReplaySteps(run);
  const current = replay.steps[replay.at]?.span?.id;
  const zoom = (factor: number, at = (part.from + part.to) / 2) => setPart(zoomed(part, factor, at, whole));
  const onWheel = (event: WheelEvent): void => {
    const box = axis.current?.getBoundingClientRect();
    if (!box || !(event.ctrlKey || event.metaKey)) return;
    const at = part.from + ((event.clientX - box.left) / box.width) * (part.to - part.from);
    zoom(event.deltaY > 0 ? STEP : 1 / STEP, at);
  };
  return (
    <div className="timeline" onWheel={onWheel}>
      <div className="timeline__head">
        <ReplayBar replay={replay} nameOf={nameOf} />
        <span className="grow" />
        {tools}
        <ZoomButtons part={part} whole={whole} onPart={setPart} onZoom={zoom} />
      </div>
      <div className="timeline__axis" aria-hidden="true">
        <span />
        <div ref={axis} className="timeline__ticks">
          {ticks(part).map((at) => (
            <span key={at} style={{ insetInlineStart: `${String(shareOf(at, part) * 100)}%` }}>
              {tickText(at, part)}
            </span>
          ))}
        </div>
        <span />
      </div>
      <ol className="timeline__rows" aria-label="Hops of the run" onKeyDown={walk}>
        {rows.map((row) => (
          <Hop
            key={`${row.span.host} ${row.span.id}`}
            row={row}
            part={part}
            whole={whole}
            chosen={row.span.id === chosen}
            current={row.span.id === current}
            name={nameOf(row.span.node)}
            onChoose={onChoose}
          />
        ))}
      </ol>
      {run.cut && <p className="small muted timeline__note">Only the first hops of this run are kept.</p>}
      {!run.whole && (
        <p className="small muted timeline__note">Where this run began is not remembered any more.</p>
      )}
    </div>
  );
}

interface HopProps {
  row: TimelineRow;
  part: Span1D;
  whole: number;
  chosen: boolean;
  current: boolean;
  name: string;
  onChoose: (row: TimelineRow) => void;
}

function Hop({ row, part, whole, chosen, current, name, onChoose }: HopProps) {
  const { span, depth } = row;
  const from = shareOf(span.start_ms, part);
  const to = shareOf(span.start_ms + (span.duration_ms ?? whole - span.start_ms), part);
  const [left, right] = [Math.max(0, from), Math.min(1, to)];
  return (
    <li>
      <button
        type="button"
        className={`timeline__hop ${span.error ? "is-error" : "is-working"}${current ? " timeline__hop--now" : ""}`}
        aria-pressed={chosen}
        title={span.error?.message ?? `${span.port} on ${span.host}`}
        onClick={() => onChoose(row)}
      >
        <span
          className="timeline__name"
          style={{ paddingInlineStart: `${String(Math.min(depth, 12) * 12)}px` }}
        >
          {span.error && <i className="mark" aria-hidden="true" />}
          <span className="clip">
            {name}
            <span className="muted"> {span.port}</span>
          </span>
        </span>
        <span className="timeline__track" aria-hidden="true">
          {right >= left && (
            <i
              className={span.duration_ms === null ? "timeline__bar timeline__bar--open" : "timeline__bar"}
              style={{
                insetInlineStart: `${String(left * 100)}%`,
                width: `${String((right - left) * 100)}%`,
              }}
            />
          )}
        </span>
        <span className="timeline__time">
          {span.duration_ms === null ? "under way" : durationText(span.duration_ms)}
        </span>
        {span.error && <span className="unseen">failed: {span.error.message}</span>}
      </button>
    </li>
  );
}

interface ZoomButtonsProps {
  part: Span1D;
  whole: number;
  onPart: (part: Span1D) => void;
  onZoom: (factor: number) => void;
}

function ZoomButtons({ part, whole, onPart, onZoom }: ZoomButtonsProps) {
  const isWhole = part.to - part.from >= whole;
  const button = (
    icon: "minus" | "plus" | "fit" | "left" | "right",
    label: string,
    run: () => void,
    off = false,
  ) => (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s"
      aria-label={label}
      title={label}
      disabled={off}
      onClick={run}
    >
      <Icon name={icon} size="s" />
    </button>
  );
  return (
    <span className="line timeline__zoom" role="group" aria-label="Part of the run">
      {button("left", "Earlier", () => onPart(moved(part, -0.5, whole)), part.from <= 0)}
      {button("right", "Later", () => onPart(moved(part, 0.5, whole)), part.to >= whole)}
      {button("minus", "Show more of the run", () => onZoom(STEP), isWhole)}
      {button("plus", "Show less of the run", () => onZoom(1 / STEP))}
      {button("fit", "Show the whole run", () => onPart({ from: 0, to: whole }), isWhole)}
    </span>
  );
}

/** Where a time stands in the part that is drawn: 0 its beginning, 1 its end. */
function shareOf(at: number, { from, to }: Span1D): number {
  return (at - from) / (to - from || 1);
}

/** Arrow keys go from hop to hop. */
function walk(event: KeyboardEvent<HTMLOListElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const hops = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = hops.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  event.stopPropagation();
  const next = hops[Math.min(hops.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.click();
}
