import { bounds, GRID, type Point, type Rect } from "../../core/geometry";
import { layered } from "./layered";
import type { Box, Layout, Link, Places } from "./types";

/** From a frame to the cards in it: the title stands above them. */
const SIDE = GRID;
const TOP = 3 * GRID;
const NOWHERE: Rect = { x: 0, y: 0, width: 0, height: 0 };

/** Lays each group out by itself, and then all of it with every group as one box: frames never meet. */
export function grouped({ boxes, links, groups }: Layout): Places {
  const groupOf = new Map(
    groups.flatMap(({ id, members }) => members.map((member) => [member, id] as const)),
  );
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const inside = new Map<string, Places>();
  const outer: Box[] = boxes.filter(({ id }) => !groupOf.has(id));
  for (const { id, members, folded, notes = [] } of groups) {
    const cards = members.flatMap((member) => byId.get(member) ?? []);
    const own = links.filter(
      ({ source, target }) => groupOf.get(source) === id && groupOf.get(target) === id,
    );
    const frame = folded ?? frameOf(cards, own, notes, inside, id);
    outer.push({ id, ...frame });
  }
  const places = layered({ boxes: outer, links: between(links, groupOf, inside) });
  const all = new Map(places);
  for (const { id, members, folded, notes = [] } of groups) {
    const at = places.get(id);
    if (!at) continue;
    all.delete(id);
    for (const member of [...members, ...notes.map((note) => note.id)]) {
      const box = byId.get(member);
      const within =
        folded && box ? { x: box.x - folded.x, y: box.y - folded.y } : inside.get(id)?.get(member);
      if (within) all.set(member, { x: at.x + within.x, y: at.y + within.y });
    }
  }
  return all;
}

/** Lays the cards of one group out and its notes below them, notes their places from its corner, and answers the room it takes. */
function frameOf(
  cards: readonly Box[],
  links: readonly Link[],
  notes: readonly Box[],
  inside: Map<string, Places>,
  id: string,
) {
  const placed = layered({ boxes: cards, links });
  const rects = cards.map((card) => ({ ...card, ...(placed.get(card.id) ?? card) }));
  const all = [...rects, ...below(bounds(rects) ?? NOWHERE, notes)];
  const box = bounds(all) ?? NOWHERE;
  const within = (at: Point): Point => ({ x: at.x - box.x + SIDE, y: at.y - box.y + TOP });
  inside.set(id, new Map(all.map((rect) => [rect.id, within(rect)])));
  const was = bounds(cards) ?? box;
  return {
    x: was.x - SIDE,
    y: was.y - TOP,
    width: box.width + 2 * SIDE,
    height: box.height + TOP + SIDE,
  };
}

/** In rows as wide as what is above them, in the order in which they are read now. */
function below({ x, y, width, height }: Rect, notes: readonly Box[]): Box[] {
  const ordered = [...notes].sort((one, other) => one.y - other.y || one.x - other.x);
  let at = { x, y: Math.ceil((y + height + GRID) / GRID) * GRID };
  let deepest = 0;
  return ordered.map((note) => {
    if (at.x > x && at.x + note.width > x + width) {
      at = { x, y: Math.ceil((at.y + deepest + GRID) / GRID) * GRID };
      deepest = 0;
    }
    const placed = { ...note, ...at };
    at = { ...at, x: Math.ceil((at.x + note.width + GRID) / GRID) * GRID };
    deepest = Math.max(deepest, note.height);
    return placed;
  });
}

/** The wires between what the outer layout places; an end in a group is one at the group, as high as it is in there. */
function between(
  links: readonly Link[],
  groupOf: ReadonlyMap<string, string>,
  inside: ReadonlyMap<string, Places>,
): Link[] {
  return links.flatMap(({ source, target, out, into }) => {
    const [from, to] = [groupOf.get(source), groupOf.get(target)];
    if (from !== undefined && from === to) return [];
    const down = (group: string | undefined, id: string) => inside.get(group ?? "")?.get(id)?.y ?? 0;
    return {
      source: from ?? source,
      target: to ?? target,
      out: out + down(from, source),
      into: into + down(to, target),
    };
  });
}
