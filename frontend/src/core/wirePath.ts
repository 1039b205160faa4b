import { GRID, type Point, type Rect } from "./geometry";
import type { PortPosition } from "./types";

export interface WireEnd extends Point {
  readonly side: PortPosition;
  /** The card the port belongs to, with the comment below it. */
  readonly card: Rect;
}

export interface WirePath {
  /** SVG path data. */
  readonly d: string;
  /** Where its label stands. */
  readonly middle: Point;
}

const OUTWARD: Record<PortPosition, Point> = {
  0: { x: 0, y: -1 },
  1: { x: 1, y: 0 },
  2: { x: 0, y: 1 },
  3: { x: -1, y: 0 },
};
const CORNER = 12;
/** Nearer to a card than this, a wire looks like its border. */
const CLEAR = 6;

/**
 * The way of a wire from dot to dot: a bezier that leaves and arrives straight. A wire that leads back runs
 * between the two cards, or around below them, because a straight line would hide behind them; `level` is the
 * height on which it does, `backLevel` of the two cards alone when it is not given.
 */
export function wirePath(start: WireEnd, end: WireEnd, level = backLevel(start, end)): WirePath {
  return leadsBack(start, end) ? around(start, end, level) : bezier(start, end);
}

export function leadsBack(start: WireEnd, end: WireEnd): boolean {
  return start.side === 1 && end.side === 3 && end.x < start.x + GRID;
}

/** The height on which a wire that leads back passes both its cards, and below any other that is in its way. */
export function backLevel(start: WireEnd, end: WireEnd, cards: Iterable<Rect> = []): number {
  const left = end.x - GRID;
  const right = start.x + GRID;
  const across = [...cards].filter(({ x, width }) => x < right && x + width > left);
  let level = levelBetween(start.card, end.card);
  // From the top down: a card that the wire has passed cannot be in its way again.
  for (const card of across.sort((one, other) => one.y - other.y)) {
    if (level > card.y - CLEAR && level < bottomOf(card) + CLEAR) level = bottomOf(card) + GRID / 2;
  }
  return level;
}

function bezier(start: WireEnd, end: WireEnd): WirePath {
  const reach = Math.max(GRID, Math.abs(end.x - start.x) / 2, Math.min(120, Math.abs(end.y - start.y) / 4));
  const one = along(start, reach);
  const two = along(end, reach);
  return {
    d: `M${at(start)}C${at(one)} ${at(two)} ${at(end)}`,
    // The bezier's point at one half.
    middle: {
      x: (start.x + 3 * one.x + 3 * two.x + end.x) / 8,
      y: (start.y + 3 * one.y + 3 * two.y + end.y) / 8,
    },
  };
}

function around(start: WireEnd, end: WireEnd, level: number): WirePath {
  const right = start.x + GRID;
  const left = end.x - GRID;
  const corners = [
    start,
    { x: right, y: start.y },
    { x: right, y: level },
    { x: left, y: level },
    { x: left, y: end.y },
    end,
  ];
  return { d: rounded(corners), middle: { x: (left + right) / 2, y: level } };
}

/** The height on which a wire can pass both cards: half way between them where there is room. */
function levelBetween(one: Rect, other: Rect): number {
  const [upper, lower] = one.y < other.y ? [one, other] : [other, one];
  const gap = lower.y - bottomOf(upper);
  return gap >= GRID ? bottomOf(upper) + gap / 2 : Math.max(bottomOf(upper), bottomOf(lower)) + GRID;
}

function along({ x, y, side }: WireEnd, reach: number): Point {
  const outward = OUTWARD[side];
  return { x: x + outward.x * reach, y: y + outward.y * reach };
}

function bottomOf({ y, height }: Rect): number {
  return y + height;
}

/** Straight lines between the points, with round corners. */
function rounded(points: readonly Point[]): string {
  let d = "";
  points.forEach((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (!before) d += `M${at(point)}`;
    else if (!after) d += `L${at(point)}`;
    else d += `L${at(towards(point, before))}Q${at(point)} ${at(towards(point, after))}`;
  });
  return d;
}

/** A corner's distance from `from` on the way to `to`, or half way when that is nearer. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function at({ x, y }: Point): string {
  return `${String(Math.round(x * 100) / 100)} ${String(Math.round(y * 100) / 100)}`;
}
