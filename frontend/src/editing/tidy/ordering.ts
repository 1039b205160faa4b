import type { Joint, Slot } from "./columns";
import { at } from "./layers";

const SWEEPS = 8;

/** Orders each column so that few wires cross: by the middle of its neighbours, to and fro; the best is kept. */
export function orderColumns(columns: Slot[][]): void {
  for (const column of columns) number(column.sort((one, other) => one.was - other.was));
  let best = columns.map((column) => [...column]);
  let fewest = crossings(columns);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const forth = sweep % 2 === 0;
    for (const column of forth ? columns : columns.toReversed()) sortBy(column, forth ? "before" : "after");
    const count = crossings(columns);
    if (count >= fewest) continue;
    fewest = count;
    best = columns.map((column) => [...column]);
  }
  best.forEach((column, index) => {
    columns[index] = column;
    number(column);
  });
}

function sortBy(column: Slot[], side: "before" | "after"): void {
  const wanted = new Map(column.map((slot) => [slot, middle(slot, slot[side])]));
  column.sort((one, other) => (wanted.get(one) as number) - (wanted.get(other) as number));
  number(column);
}

/** The mean place of its neighbours, ports counted by their height on the card; its own where it has none. */
function middle(slot: Slot, joints: readonly Joint[]): number {
  if (joints.length === 0) return slot.order;
  return joints.reduce((sum, joint) => sum + place(joint), 0) / joints.length;
}

function place({ slot, there }: Joint): number {
  return slot.order + (slot.height === 0 ? 0.5 : there / (slot.height + 1));
}

function number(column: Slot[]): void {
  column.forEach((slot, order) => (slot.order = order));
}

/** How many pairs of wires cross, all columns together. */
export function crossings(columns: readonly (readonly Slot[])[]): number {
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap((slot) =>
      [...slot.after].sort((one, other) => one.here - other.here || place(one) - place(other)).map(place),
    );
    count += inversions(ends);
  }
  return count;
}

/** Pairs that stand the wrong way round, by merging: many wires must not take their square. */
function inversions(values: number[]): number {
  if (values.length < 2) return 0;
  const half = values.length >> 1;
  const [left, right] = [values.slice(0, half), values.slice(half)];
  let count = inversions(left) + inversions(right);
  let [one, other] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    if (other >= right.length || (one < left.length && at(left, one) <= at(right, other))) {
      values[index] = at(left, one++);
    } else {
      count += left.length - one;
      values[index] = at(right, other++);
    }
  }
  return count;
}
