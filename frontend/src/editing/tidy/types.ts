import type { Point, Rect } from "../../core/geometry";

/** A card to be placed; where it is now decides what stays above what. */
export interface Box extends Rect {
  readonly id: string;
}

export interface Link {
  readonly source: string;
  readonly target: string;
  /** Where the wire leaves and arrives, px below the top of its card. */
  readonly out: number;
  readonly into: number;
}

/** What the layout works on: plain data, because it travels to a worker. */
export interface Layout {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  /** What stays together in a frame. */
  readonly groups: readonly Together[];
}

export interface Together {
  readonly id: string;
  readonly members: readonly string[];
  /** Notes of an open group: they come to lie below its cards. */
  readonly notes?: readonly Box[];
  /** The one card that stands for a collapsed group: its members only move along. */
  readonly folded?: Rect;
}

export type Places = ReadonlyMap<string, Point>;

/** From the right edge of one column to the left edge of the next, at least: room for wires and their labels. */
export const COLUMN_GAP = 88;
/** Between two cards of a column, at least. */
export const ROW_GAP = 40;
