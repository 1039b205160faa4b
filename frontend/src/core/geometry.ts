import type { Port, PortPosition } from "./types";

/** Canvas measures in px; the dots, the snap step and the port rows share one grid. */
export const GRID = 24;
export const NODE_WIDTH = 200;
export const HEAD_HEIGHT = 64;
/** Two lines of a comment below a card, with their distance from it. */
const NOTE_HEIGHT = 40;
export const PORT_SIZE = 10;
/** Where the only port of a side sits. */
const HEAD_PORT_Y = 32;
const FIRST_ROW_Y = 80;
export const MAX_COORDINATE = 1_000_000;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedPort {
  readonly name: string;
  readonly label: string;
  readonly position: PortPosition;
  readonly source: boolean;
  /** Centre of the dot, from the card's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Row of its label on the card, from 0; null when the label is shown on hover only. */
  readonly row: number | null;
  /** Wired here, but the node has no such port. */
  readonly missing: boolean;
}

export interface CardLayout {
  readonly width: number;
  readonly height: number;
  readonly ports: readonly PlacedPort[];
}

/** A port that wires name. */
export interface WiredPort {
  readonly name: string;
  readonly source: boolean;
}

export function snap(value: number, step = GRID): number {
  const snapped = Math.round(value / step) * step;
  // A grid step inside the limit, and no -0.
  const limit = Math.floor(MAX_COORDINATE / step) * step;
  return Math.max(-limit, Math.min(limit, snapped)) + 0;
}

/** System ports have no dot on the canvas: settings and controls stand in the inspector. */
export function isSystemPort(name: string): boolean {
  return name.startsWith("_");
}

/**
 * Size of a card and where its ports are. A side with one port has it beside the title; a side with more has
 * a row for each, so that every wire ends on the row of its label. Ports that are wired but that the
 * node does not have get a row too: a wire that leads nowhere must be seen.
 */
export function layoutCard(all: readonly Port[], wired: readonly WiredPort[] = []): CardLayout {
  const known = all.filter(({ name }) => !isSystemPort(name));
  const missing = wired.filter(({ name, source }) => {
    return !known.some((port) => port.name === name && port.source === source);
  });
  const ports = [...known.map(fromPort), ...unique(missing).map(fromWire)];
  const side = (position: PortPosition) => ports.filter((port) => port.position === position);
  const left = side(3);
  const right = side(1);
  const rows = Math.max(rowsOf(left), rowsOf(right));
  const height = rows === 0 ? HEAD_HEIGHT : FIRST_ROW_Y - GRID / 2 + rows * GRID;
  return {
    width: NODE_WIDTH,
    height,
    ports: [...column(left, 0), ...column(right, NODE_WIDTH), ...line(side(0), 0), ...line(side(2), height)],
  };
}

/** Height of a card with the comment that hangs below it. */
export function heightWithNote({ height }: CardLayout, comment: string): number {
  return comment === "" ? height : height + NOTE_HEIGHT;
}

type LoosePort = Pick<PlacedPort, "name" | "label" | "position" | "source" | "missing">;

function fromPort({ name, label, position, source }: Port): LoosePort {
  return { name, label: label || name, position, source, missing: false };
}

function fromWire({ name, source }: WiredPort): LoosePort {
  return { name, label: name, position: source ? 1 : 3, source, missing: true };
}

function unique(ports: readonly WiredPort[]): WiredPort[] {
  return [...new Map(ports.map((port) => [`${String(port.source)} ${port.name}`, port])).values()];
}

/** A missing port always gets a row, because its name is the message. */
function rowsOf(ports: readonly LoosePort[]): number {
  return ports.length > 1 || ports.some(({ missing }) => missing) ? ports.length : 0;
}

function column(ports: readonly LoosePort[], x: number): PlacedPort[] {
  const inRows = rowsOf(ports) > 0;
  return ports.map((port, row) => ({
    ...port,
    x,
    y: inRows ? FIRST_ROW_Y + row * GRID : HEAD_PORT_Y,
    row: inRows ? row : null,
  }));
}

function line(ports: readonly LoosePort[], y: number): PlacedPort[] {
  return ports.map((port, index) => ({
    ...port,
    x: Math.round((NODE_WIDTH * (index + 1)) / (ports.length + 1)),
    y,
    row: null,
  }));
}

/** Whether two rectangles share a point; those that touch do. */
export function overlap(one: Rect, other: Rect): boolean {
  return (
    one.x <= other.x + other.width &&
    other.x <= one.x + one.width &&
    one.y <= other.y + other.height &&
    other.y <= one.y + one.height
  );
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

/** The rectangle with so much more on every side. */
export function inflate({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

/** The smallest rectangle around all of them; null for none. */
export function bounds(rects: Iterable<Rect>): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left === Infinity ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

/** The next free place at or below `wanted` where a card of that size touches no other. */
export function freePlace(
  wanted: Point,
  size: Pick<Rect, "width" | "height">,
  others: readonly Rect[],
): Point {
  const x = snap(wanted.x);
  let y = snap(wanted.y);
  const hits = (rect: Rect) =>
    x < rect.x + rect.width + GRID &&
    rect.x < x + size.width + GRID &&
    y < rect.y + rect.height + GRID &&
    rect.y < y + size.height + GRID;
  // Each step passes the card in the way, so there are at most as many steps as cards.
  for (let steps = 0; steps <= others.length; steps++) {
    const inTheWay = others.find(hits);
    if (!inTheWay) break;
    y = snap(inTheWay.y + inTheWay.height + GRID + GRID / 2);
  }
  return { x, y };
}
