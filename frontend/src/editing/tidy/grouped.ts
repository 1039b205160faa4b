import { bounds, GRID, type Point } from "../../core/geometry";
import { layered } from "./layered";
import type { Box, Layout, Link, Places } from "./types";

/** From a frame to the cards in it: the title stands above them. */
const SIDE = GRID;
const TOP = 3 * GRID;

/** Lays each group out by itself, and then all of it with every group as one box: frames never meet. */
export function grouped({ boxes, links, groups }: Layout): Places {
  const groupOf = new Map(
    groups.flatMap(({ id, members }) => members.map((member) => [member, id] as const)),
  );
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const inside = new Map<string, Places>();
  const outer: Box[] = boxes.filter(({ id }) => !groupOf.has(id));
  for (const { id, members, folded } of groups) {
    const cards = members.flatMap((member) => byId.get(member) ?? []);
    const own = links.filter(
      ({ source, target }) => groupOf.get(source) === id && groupOf.get(target) === id,
    );
    const frame = folded ?? frameOf(cards, own, inside, id);
    outer.push({ id, ...frame });
  }
  const places = layered({ boxes: outer, links: between(links, groupOf, inside) });
  const all = new Map(places);
  for (const { id, members, folded } of groups) {
    const at = places.get(id);
    if (!at) continue;
    all.delete(id);
    for (const member of members) {
      const box = byId.get(member);
      const within =
        folded && box ? { x: box.x - folded.x, y: box.y - folded.y } : inside.get(id)?.get(member);
      if (within) all.set(member, { x: at.x + within.x, y: at.y + within.y });
    }
  }
  return all;
}

/** Lays the cards of one group out, notes their places from its corner, and answers the room it takes. */
function frameOf(cards: readonly Box[], links: readonly Link[], inside: Map<string, Places>, id: string) {
  const placed = layered({ boxes: cards, links });
  const rects = cards.map((card) => ({ ...card, ...(placed.get(card.id) ?? card) }));
  const box = bounds(rects) ?? { x: 0, y: 0, width: 0, height: 0 };
  const within = (at: Point): Point => ({ x: at.x - box.x + SIDE, y: at.y - box.y + TOP });
  inside.set(id, new Map(rects.map((rect) => [rect.id, within(rect)])));
  const was = bounds(cards) ?? box;
  return {
    x: was.x - SIDE,
    y: was.y - TOP,
    width: box.width + 2 * SIDE,
    height: box.height + TOP + SIDE,
  };
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
