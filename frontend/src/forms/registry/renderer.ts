/** How a renderer says which fields it draws, and how well: the highest rank wins. */

import type { ComponentType } from "react";

import type { ControlProps } from "../FormContext";
import type { Resolved, Schema } from "../schema/types";

/** Does this schema have what the renderer needs? `root` is for what lies behind references. */
export type Tester = (schema: Resolved, root: Schema) => boolean;

/** 0 where the renderer does not fit, else how well it does. */
export type RankedTester = (schema: Resolved, root: Schema) => number;

/**
 * - `ANY`: draws whatever comes
 * - `SHAPE`: the type of the value
 * - `FORMAT`: the type, and how the schema wants it shown
 * - `MEANING`: values that are given, so that the type no longer matters
 * - `READING`: what nobody may change
 * - `SECRECY`: what nobody may read
 */
export const RANK = { ANY: 1, SHAPE: 10, FORMAT: 20, MEANING: 30, READING: 40, SECRECY: 50 } as const;

export interface Renderer {
  /** Unique in the registry; stands as `data-renderer` at the field. */
  readonly name: string;
  readonly rank: RankedTester;
  readonly control: ComponentType<ControlProps>;
  /**
   * - `group`: holds fields of its own, so it has a heading instead of a label
   * - `narrow`: half a row is enough
   */
  readonly layout?: "group" | "narrow";
}

/** `rank` for schemas that pass all testers. */
export function rankWith(rank: number, ...testers: readonly Tester[]): RankedTester {
  return (schema, root) => (testers.every((tester) => tester(schema, root)) ? rank : 0);
}

/** The renderer that ranks highest; of two that rank alike the one that stands first. */
export function choose(renderers: readonly Renderer[], schema: Resolved, root: Schema): Renderer {
  let best: Renderer | undefined;
  let highest = 0;
  for (const renderer of renderers) {
    const rank = renderer.rank(schema, root);
    if (rank > highest) [best, highest] = [renderer, rank];
  }
  if (!best) throw new Error("No renderer fits: the registry needs one that draws whatever comes.");
  return best;
}
