import type { Rect } from "./geometry";

interface Turn {
  /** What is in the page. */
  readonly before: Iterable<string>;
  /** What has to be there at once. */
  readonly seen: Iterable<string>;
  /** What should come, a few in each turn. */
  readonly near: Iterable<string>;
  /** Whether one that is there may stay although it is neither seen nor near. */
  readonly stays: (id: string) => boolean;
  /** How far off one is: the nearest come first. */
  readonly far: (id: string) => number;
  /** How many of those that are near come in a turn. */
  readonly most: number;
}

interface Next {
  readonly ids: ReadonlySet<string>;
  /** Whether there is something left for another turn. */
  readonly isBehind: boolean;
}

/**
 * What is in the page after a turn. As many go as come, and `most` if those are fewer, so that the page does not grow
 * while the view jumps about, and nothing is thrown out by the hundred in one frame.
 */
export function nextTurn({ before, seen, near, stays, far, most }: Turn): Next {
  const ids = new Set(before);
  const had = ids.size;
  for (const id of seen) ids.add(id);
  const wanted = new Set(near);
  const waiting = [...wanted].filter((id) => !ids.has(id));
  if (waiting.length > most) sortByDistance(waiting, far);
  for (const id of waiting.slice(0, most)) ids.add(id);
  let room = Math.max(most, ids.size - had);
  let isBehind = waiting.length > most;
  const needed = new Set(seen);
  for (const id of before) {
    if (needed.has(id) || wanted.has(id) || stays(id)) continue;
    if (room-- > 0) ids.delete(id);
    else isBehind = true;
  }
  return { ids, isBehind };
}

function sortByDistance(ids: string[], far: (id: string) => number): void {
  const distances = new Map(ids.map((id) => [id, far(id)]));
  ids.sort((one, other) => (distances.get(one) ?? 0) - (distances.get(other) ?? 0));
}

/** Between two areas, the longer of across and down; 0 where they touch, and for what is nowhere. */
export function distance(one: Rect | undefined, other: Rect): number {
  if (!one) return 0;
  const across = Math.max(other.x - one.x - one.width, one.x - other.x - other.width);
  const down = Math.max(other.y - one.y - one.height, one.y - other.y - other.height);
  return Math.max(0, across, down);
}
