import { GRID } from "../../core/geometry";
import type { Joint, Slot } from "./columns";
import { ROW_GAP } from "./types";

const SWEEPS = 6;
/** Wires that pass a column keep clear of its cards, and of each other a little. */
const PASS_GAP = 16;

/** Gives every slot its top: as straight wires as the order of each column allows, nothing upon anything else. */
export function placeHeights(columns: readonly Slot[][]): void {
  for (const column of columns) settle(column, () => null);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    for (const column of forth ? columns : columns.toReversed()) {
      settle(
        column,
        (slot) => wish(forth ? slot.before : slot.after) ?? wish(forth ? slot.after : slot.before),
      );
    }
  }
  for (const column of columns) settle(column, (slot) => wish([...slot.before, ...slot.after]));
  for (const column of columns) toGrid(column);
}

/** The top at which its wires would be straight on average. */
function wish(joints: readonly Joint[]): number | null {
  if (joints.length === 0) return null;
  return joints.reduce((sum, { slot, there, here }) => sum + slot.y + there - here, 0) / joints.length;
}

interface Pool {
  sum: number;
  count: number;
}

/**
 * The tops nearest to the wished ones (least squares) that keep order and distance: slots that would come too
 * near are pooled, and a pool stands where its members wish on average.
 */
function settle(column: readonly Slot[], wished: (slot: Slot) => number | null): void {
  const pools: Pool[] = [];
  const offsets: number[] = [];
  let offset = 0;
  column.forEach((slot, index) => {
    const above = column[index - 1];
    if (above) offset += above.height + gap(above, slot);
    offsets.push(offset);
    pools.push({ sum: (wished(slot) ?? slot.y) - offset, count: 1 });
    for (let last = pools.at(-1); last; last = pools.at(-1)) {
      const before = pools.at(-2);
      if (!before || before.sum / before.count <= last.sum / last.count) break;
      pools.pop();
      before.sum += last.sum;
      before.count += last.count;
    }
  });
  let index = 0;
  for (const { sum, count } of pools) {
    for (let member = 0; member < count; member++, index++) {
      const slot = column[index];
      if (slot) slot.y = sum / count + (offsets[index] ?? 0);
    }
  }
}

function gap(above: Slot, below: Slot): number {
  return above.box && below.box ? ROW_GAP : PASS_GAP;
}

/** Cards onto the grid, each at least the gap below the one above. */
function toGrid(column: readonly Slot[]): void {
  let free = -Infinity;
  for (const slot of column) {
    if (!slot.box) continue;
    let top = Math.round(slot.y / GRID) * GRID;
    if (top < free) top = Math.ceil(free / GRID) * GRID;
    slot.y = top;
    free = top + slot.height + ROW_GAP;
  }
}
