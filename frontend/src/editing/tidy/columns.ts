import { at, layersOf } from "./layers";
import type { Box, Link } from "./types";

/** A card in its column, or the place where a long wire passes one. */
export interface Slot {
  readonly box: Box | null;
  readonly layer: number;
  readonly height: number;
  /** Its middle now: what was above stays above where nothing speaks against it. */
  readonly was: number;
  readonly before: Joint[];
  readonly after: Joint[];
  /** Its number from the top of its column. */
  order: number;
  /** Its top. */
  y: number;
}

/** One end of a wire between neighbouring columns, seen from the other. */
export interface Joint {
  readonly slot: Slot;
  /** Where it ends there and here, px below each top. */
  readonly there: number;
  readonly here: number;
}

/** So many places for passing wires are looked at; more would take longer than they are worth. */
const MAX_PASSES = 20_000;

/** Columns of slots, wires that skip columns laid through each. */
export function columnsOf(boxes: readonly Box[], links: readonly Link[]): Slot[][] {
  const index = new Map(boxes.map(({ id }, place) => [id, place]));
  const known = links.filter(({ source, target }) => index.has(source) && index.has(target));
  const out = boxes.map((): number[] => []);
  for (const { source, target } of known)
    at(out, index.get(source) as number).push(index.get(target) as number);
  const layers = layersOf(out);
  const slots = boxes.map((box, place) => slotOf(box, at(layers, place), box.height, box.y + box.height / 2));
  const columns: Slot[][] = Array.from({ length: Math.max(...layers, 0) + 1 }, () => []);
  for (const slot of slots) at(columns, slot.layer).push(slot);
  let passes = 0;
  for (const link of known) {
    let [from, to] = [
      at(slots, index.get(link.source) as number),
      at(slots, index.get(link.target) as number),
    ];
    let [leaves, arrives] = [link.out, link.into];
    if (from.layer === to.layer) continue;
    // A wire that leads back pulls at the same places, only from the other side.
    if (from.layer > to.layer) [from, to, leaves, arrives] = [to, from, arrives, leaves];
    for (let layer = from.layer + 1; layer < to.layer && passes < MAX_PASSES; layer++, passes++) {
      const pass = slotOf(null, layer, 0, from.was);
      at(columns, layer).push(pass);
      join(from, leaves, pass, 0);
      [from, leaves] = [pass, 0];
    }
    if (from.layer + 1 === to.layer) join(from, leaves, to, arrives);
  }
  return columns;
}

function slotOf(box: Box | null, layer: number, height: number, was: number): Slot {
  return { box, layer, height, was, before: [], after: [], order: 0, y: 0 };
}

function join(left: Slot, leaves: number, right: Slot, arrives: number): void {
  left.after.push({ slot: right, there: arrives, here: leaves });
  right.before.push({ slot: left, there: leaves, here: arrives });
}
