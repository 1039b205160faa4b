import { describe, expect, it } from "vitest";
import { inflate, type Point, type Rect } from "./geometry";
import { Scene } from "./scene";
import { aNode, anEdge, openedEditor, random } from "./testing";
import { distance } from "./turns";
import { Visible } from "./visible";

const SCREEN = { width: 1200, height: 800 };

/** Rows of fifty cards, each wired to the next, and some from anywhere to anywhere. */
async function large(size = 1_000, kept: string[] = []) {
  const nodes = Array.from({ length: size }, (_, number) =>
    aNode(`n${String(number)}`, { x: (number % 50) * 264, y: Math.floor(number / 50) * 144 }),
  );
  const edges = nodes.slice(1).map(({ id }, number) => {
    const source = number % 40 ? (nodes[number]?.id ?? "") : (nodes[(number * 7) % size]?.id ?? "");
    return anEdge(`e${String(number)}`, source, id);
  });
  const { editor } = await openedEditor(nodes, edges);
  const scene = new Scene(editor);
  scene.follow();
  const visible = new Visible(scene, () => kept);
  scene.subscribe(visible.refresh);
  return { editor, scene, visible };
}

function viewAt({ x, y }: Point, zoom: number): Rect {
  return { x, y, width: SCREEN.width / zoom, height: SCREEN.height / zoom };
}

/** As many turns as it takes until all that is near has come; answers how many. */
function settle(visible: Visible): number {
  let turns = 0;
  while (visible.isBehind && turns < 200) {
    visible.turn();
    turns++;
  }
  return turns;
}

describe("what is in view", () => {
  it("is in the page wherever one goes, and not much else", async () => {
    const { scene, visible } = await large();
    const chance = random(11);
    let at = { x: 0, y: 0 };
    let zoom = 1;
    for (let step = 0; step < 400; step++) {
      const jump = chance() < 0.05;
      at = jump
        ? { x: chance() * 13_000, y: chance() * 3_000 }
        : { x: at.x + (chance() - 0.3) * 120, y: at.y + (chance() - 0.5) * 80 };
      if (chance() < 0.2) zoom = 0.5 + chance() * 1.5;
      const view = viewAt(at, zoom);
      visible.look(view, zoom);
      if (chance() < 0.5) visible.turn();
      const { cards, ends, wires, overview } = visible.shown;
      if (overview) continue;
      const there = scene.cards.within(view);
      expect(there.filter((id) => !cards.has(id))).toEqual([]);
      const crossing = scene.wires.within(view);
      expect(crossing.filter((id) => !wires.includes(id))).toEqual([]);
      const loose = wires.flatMap((id) => {
        const edge = scene.edge(id);
        return edge ? [edge.source, edge.target].filter((end) => !cards.has(end) && !ends.has(end)) : [id];
      });
      expect(loose).toEqual([]);
      if (chance() < 0.5) continue;
      expect(settle(visible)).toBeLessThan(200);
      const around = scene.cards.within(inflate(view, 160 / zoom));
      expect(around.filter((id) => !visible.shown.cards.has(id))).toEqual([]);
      const near = scene.cards.within(inflate(view, 240 / zoom)).length;
      expect(visible.shown.cards.size).toBeLessThan(6 * near + 30);
    }
  });

  it("comes at once, and what is near it a few in a turn, nearest first", async () => {
    const { scene, visible } = await large();
    const view = viewAt({ x: 3000, y: 600 }, 1);
    visible.look(view, 1);
    const seen = new Set(scene.cards.within(view));
    expect(visible.shown.cards).toEqual(seen);
    visible.turn();
    const came = [...visible.shown.cards].filter((id) => !seen.has(id));
    expect(came).toHaveLength(4);
    settle(visible);
    const away = (id: string) => distance(scene.cards.get(id), view);
    const later = [...visible.shown.cards].filter((id) => !seen.has(id) && !came.includes(id));
    expect(later.length).toBeGreaterThan(10);
    expect(Math.max(...came.map(away))).toBeLessThanOrEqual(Math.min(...later.map(away)));
  });

  it("does not let the page grow while the view jumps about and no turn comes", async () => {
    const { visible } = await large();
    for (let jump = 0; jump < 30; jump++) {
      visible.look(viewAt({ x: (jump * 2_900) % 12_000, y: (jump * 700) % 2_000 }, 1), 1);
    }
    expect(visible.shown.cards.size).toBeLessThan(120);
  });

  it("stays as it is while one moves a little, to and fro", async () => {
    const { visible } = await large();
    visible.look(viewAt({ x: 3000, y: 600 }, 1), 1);
    settle(visible);
    const before = visible.shown;
    for (const by of [40, -40, 70, 0]) visible.look(viewAt({ x: 3000 + by, y: 600 + by }, 1), 1);
    expect(visible.shown).toBe(before);
  });

  it("does not make and break cards at a border that is crossed to and fro", async () => {
    const { visible } = await large();
    visible.look(viewAt({ x: 3000, y: 600 }, 1), 1);
    settle(visible);
    visible.look(viewAt({ x: 3250, y: 600 }, 1), 1);
    settle(visible);
    const there = new Set(visible.shown.cards);
    visible.look(viewAt({ x: 3000, y: 600 }, 1), 1);
    settle(visible);
    const gone = [...there].filter((id) => !visible.shown.cards.has(id));
    expect(gone).toEqual([]);
  });

  it("is one drawing from far, and where it is crowded", async () => {
    const { editor, visible } = await large();
    visible.look(viewAt({ x: 0, y: 0 }, 0.44), 0.44);
    expect(visible.shown).toMatchObject({ overview: true, wires: [] });
    expect(visible.shown.cards.size).toBe(0);
    visible.look(viewAt({ x: 0, y: 0 }, 0.46), 0.46);
    expect(visible.shown.overview).toBe(true);
    visible.look(viewAt({ x: 0, y: 0 }, 0.5), 0.5);
    expect(visible.shown.overview).toBe(false);
    const ops = [...editor.graph.nodes.keys()].slice(0, 450).map((id) => {
      return { op: "set_node" as const, id, fields: { x: 50, y: 50 } };
    });
    editor.apply(ops, { label: "Heap" });
    expect(visible.shown.overview).toBe(true);
  });

  it("is all of a small flow, wherever one looks", async () => {
    const { visible } = await large(100);
    visible.look(viewAt({ x: 90_000, y: 0 }, 0.1), 0.1);
    expect(visible.shown.cards.size).toBe(100);
  });

  it("keeps what somebody works with", async () => {
    const { visible } = await large(1_000, ["n0"]);
    visible.look(viewAt({ x: 9_000, y: 1_500 }, 1), 1);
    expect(visible.shown.cards.has("n0")).toBe(true);
  });

  it("follows what is carried into view", async () => {
    const { visible } = await large();
    const view = viewAt({ x: 9_000, y: 1_500 }, 1);
    visible.look(view, 1);
    expect(visible.shown.cards.has("n0")).toBe(false);
    visible.carry({ ids: new Set(["n0"]), by: { x: 9_100, y: 1_600 } });
    visible.refresh();
    expect(visible.shown.cards.has("n0")).toBe(true);
    expect(visible.shown.wires).toContain("e0");
  });

  it("draws wires for which there is no room in the page", async () => {
    const { editor, visible } = await large();
    const ops = Array.from({ length: 900 }, (_, number) => ({
      ...{ op: "add_edge" as const, id: `fan${String(number)}`, source: "n0", source_port: "out" },
      ...{ target: `n${String(number + 1)}`, target_port: "in" },
    }));
    editor.apply(ops.slice(0, 450), { label: "Fan" });
    editor.apply(ops.slice(450), { label: "Fan" });
    visible.look(viewAt({ x: 0, y: 0 }, 1), 1);
    const { wires, drawn } = visible.shown;
    expect(wires.length).toBeLessThanOrEqual(600);
    expect(new Set([...wires, ...drawn]).size).toBeGreaterThan(900);
  });
});
