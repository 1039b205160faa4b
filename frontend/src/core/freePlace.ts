import { freePlace, GRID, snap, type Point, type Rect } from "./geometry";

/** How far from where it is wanted a place is looked for, grid steps. */
const REACH = 40;

/** Steps from the place that is wanted, the nearest first. Who reads goes right and down: up and left count twice. */
let steps: readonly Point[] | undefined;

/** The free place nearest to `wanted` for a card of that size, a grid step from all others; else the next one below. */
export function freePlaceNear(
  wanted: Point,
  size: Pick<Rect, "width" | "height">,
  others: readonly Rect[],
): Point {
  const [x, y] = [snap(wanted.x), snap(wanted.y)];
  const meets = (at: Point, room: number) => (rect: Rect) =>
    at.x < rect.x + rect.width + room &&
    rect.x < at.x + size.width + room &&
    at.y < rect.y + rect.height + room &&
    rect.y < at.y + size.height + room;
  const around = others.filter(meets({ x, y }, (REACH + 1) * GRID));
  steps ??= stepsAround(REACH);
  for (const step of steps) {
    const at = { x: x + step.x, y: y + step.y };
    if (!around.some(meets(at, GRID))) return at;
  }
  return freePlace(wanted, size, others);
}

function stepsAround(reach: number): Point[] {
  const found: Point[] = [];
  for (let x = -reach / 2; x <= reach; x++) {
    for (let y = -reach / 2; y <= reach; y++) found.push({ x: x * GRID, y: y * GRID });
  }
  return found.sort((one, other) => costOf(one) - costOf(other));
}

function costOf({ x, y }: Point): number {
  return Math.hypot(x < 0 ? 2 * x : x, y < 0 ? 2 * y : y);
}
