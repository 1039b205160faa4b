import { describe, expect, it } from "vitest";
import { bounds, GRID, type Rect } from "../../core/geometry";
import { grouped } from "./grouped";
import { layered } from "./layered";
import type { Box, Layout, Link } from "./types";

const box = (id: string, x = 0, y = 0, height = 64): Box => ({ id, x, y, width: 200, height });
const link = (source: string, target: string): Link => ({ source, target, out: 32, into: 32 });

/** A small generator that repeats itself: the same seed, the same flow. */
function numbers(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function anyFlow(seed: number, most: number): Omit<Layout, "groups"> {
  const next = numbers(seed);
  const count = 1 + next(most);
  const boxes = Array.from({ length: count }, (_, index) =>
    box(`n${String(index)}`, next(2_000) - 1_000, next(2_000) - 1_000, 64 + next(6) * 28),
  );
  const links = Array.from({ length: next(count * 2) }, () =>
    link(`n${String(next(count))}`, `n${String(next(count))}`),
  );
  return { boxes, links };
}

function overlapping({ boxes }: Pick<Layout, "boxes">, places: ReturnType<typeof layered>): string[] {
  const rects = boxes.map(({ id, width, height }) => ({
    id,
    width,
    height,
    ...(places.get(id) as { x: number; y: number }),
  }));
  return rects.flatMap((one, index) =>
    rects
      .slice(index + 1)
      .filter(
        (other) =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      )
      .map((other) => `${one.id} ${other.id}`),
  );
}

describe("the layered layout", () => {
  it("lays a chain out from left to right, on one line", () => {
    const boxes = [box("c"), box("a", 500, 500), box("b", 20, 900)];
    const places = layered({ boxes, links: [link("a", "b"), link("b", "c")] });
    const [a, b, c] = ["a", "b", "c"].map((id) => places.get(id));
    expect([a?.y, b?.y]).toEqual([c?.y, c?.y]);
    expect([(b?.x ?? 0) - (a?.x ?? 0), (c?.x ?? 0) - (b?.x ?? 0)]).toEqual([288, 288]);
  });

  it("crosses no wires that need not cross, and keeps above what was above", () => {
    const boxes = [box("top", 0, 0), box("low", 0, 200), box("x", 400, 300), box("y", 400, 100)];
    const places = layered({ boxes, links: [link("top", "x"), link("low", "y")] });
    expect((places.get("x")?.y ?? 0) < (places.get("y")?.y ?? 0)).toBe(true);
    expect((places.get("top")?.y ?? 0) < (places.get("low")?.y ?? 0)).toBe(true);
  });

  it("puts what is fed by nothing beside what it feeds", () => {
    const links = [link("a", "b"), link("b", "c"), link("late", "c")];
    const places = layered({ boxes: ["a", "b", "c", "late"].map((id) => box(id)), links });
    expect(places.get("late")?.x).toBe(places.get("b")?.x);
  });

  it("keeps the top left corner, onto the grid", () => {
    const places = layered({ boxes: [box("a", 101, -50), box("b", 900, 70)], links: [link("a", "b")] });
    expect(places.get("a")).toEqual({ x: 96, y: -48 });
  });

  it("ends for cycles, loops and doubled wires", () => {
    const links = [link("a", "b"), link("b", "a"), link("a", "a"), link("a", "b")];
    const places = layered({ boxes: [box("a"), box("b")], links });
    expect((places.get("b")?.x ?? 0) - (places.get("a")?.x ?? 0)).toBe(288);
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))("lays no card upon another (flow %i)", (seed) => {
    const flow = anyFlow(seed, 60);
    const places = layered(flow);
    expect(places.size).toBe(flow.boxes.length);
    expect(overlapping(flow, places)).toEqual([]);
    for (const { x, y } of places.values()) expect([x % GRID, y % GRID].map(Math.abs)).toEqual([0, 0]);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    "keeps groups together and apart (flow %i)",
    (seed) => {
      const flow = anyFlow(seed, 30);
      const groups = [0, 1].map((group) => ({
        id: `g${String(group)}`,
        members: flow.boxes.filter((_, index) => index % 3 === group).map(({ id }) => id),
      }));
      const layout = { ...flow, groups: groups.filter(({ members }) => members.length > 0) };
      const places = grouped(layout);
      expect([...places.keys()].sort()).toEqual(flow.boxes.map(({ id }) => id).sort());
      const within = (id: string) => layout.groups.find(({ members }) => members.includes(id))?.id;
      const frames = layout.groups.map(({ id, members }) => {
        const rects = flow.boxes
          .filter((one) => members.includes(one.id))
          .map((one) => ({ ...one, ...places.get(one.id) }));
        return { id, ...(bounds(rects) as Rect) };
      });
      const others = flow.boxes.filter(({ id }) => within(id) === undefined);
      const all = [...others, ...frames];
      const at = new Map([...places, ...frames.map(({ id, x, y }) => [id, { x, y }] as const)]);
      expect(overlapping({ boxes: all }, at)).toEqual([]);
      expect(overlapping(flow, places)).toEqual([]);
    },
  );

  it("manages a chain of ten thousand", () => {
    const boxes = Array.from({ length: 10_000 }, (_, index) => box(`n${String(index)}`));
    const links = boxes.slice(1).map(({ id }, index) => link(`n${String(index)}`, id));
    expect(layered({ boxes, links }).size).toBe(10_000);
  });
});
