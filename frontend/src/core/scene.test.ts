import { describe, expect, it } from "vitest";
import type { Rect } from "./geometry";
import { Scene } from "./scene";
import { aNode, anEdge, aPort, openedEditor, random } from "./testing";
import type { Op } from "./types";

/** All that a scene says, in an order of its own. */
function said(scene: Scene) {
  const everywhere: Rect = { x: -1e6, y: -1e6, width: 2e6, height: 2e6 };
  const cards = scene.cards.within(everywhere).sort();
  const wires = scene.wires.within(everywhere).sort();
  return {
    cards: cards.map((id) => [id, scene.card(id)?.rect, scene.card(id)?.wired.split("\n").sort()]),
    wires: wires.map((id) => [id, scene.wires.get(id), scene.edge(id)]),
    bounds: scene.bounds(),
  };
}

async function follow(nodes = [aNode("a"), aNode("b", { x: 288 })], edges = [anEdge("ab", "a", "b")]) {
  const opened = await openedEditor(nodes, edges);
  const scene = new Scene(opened.editor);
  scene.follow();
  return { ...opened, scene };
}

describe("Scene", () => {
  it("knows where cards and wires are", async () => {
    const { scene } = await follow();
    expect(scene.cards.within({ x: 100, y: 0, width: 10, height: 10 })).toEqual(["a"]);
    expect(scene.wires.within({ x: 240, y: 20, width: 10, height: 10 })).toEqual(["ab"]);
    expect(scene.bounds()).toEqual({ x: 0, y: 0, width: 488, height: 64 });
  });

  it("follows ports that a node has of its own, behind those of its component", async () => {
    const { editor, scene } = await follow();
    const ports = [aPort("in", false), aPort("big", true), aPort("small", true), aPort("out", true)];
    editor.live({ full: false, nodes: { a: { ports } } as never, edges: {} });
    expect(scene.card("a")?.layout.ports.map(({ name }) => name)).toEqual(["in", "out", "big", "small"]);
    expect(scene.card("a")?.rect.height).toBeGreaterThan(64);
  });

  it("shows a port that is wired and that the node does not have", async () => {
    const { scene } = await follow(undefined, [anEdge("ab", "a", "b", { source_port: "gone" })]);
    expect(scene.card("a")?.layout.ports).toContainEqual(
      expect.objectContaining({ name: "gone", missing: true }),
    );
  });

  it("takes wires along with the node that they were at", async () => {
    const { editor, scene } = await follow();
    editor.apply([{ op: "delete_node", id: "b" }], { label: "Delete" });
    expect(said(scene)).toMatchObject({ cards: [["a", {}, [""]]], wires: [] });
  });

  it("says after any changes what a scene made anew would say", async () => {
    const chance = random(7);
    const { editor, scene } = await follow([], []);
    const ids: string[] = [];
    const any = () => ids[Math.floor(chance() * ids.length)] ?? "none";
    for (let step = 0; step < 300; step++) {
      const place = { x: Math.round(chance() * 9000), y: Math.round(chance() * 9000) };
      const ends = {
        source: any(),
        source_port: "out",
        target: any(),
        target_port: chance() < 0.2 ? "x" : "in",
      };
      const kind = chance();
      let op: Op;
      if (kind < 0.4 || ids.length === 0) {
        const id = `n${String(step)}`;
        ids.push(id);
        op = { op: "add_node", id, module: "common-v1", component: "debug", ...place };
      } else if (kind < 0.65) op = { op: "add_edge", id: `e${String(step)}`, ...ends };
      else if (kind < 0.85)
        op = { op: "set_node", id: any(), fields: { ...place, comment: kind < 0.7 ? "!" : "" } };
      else if (kind < 0.95) op = { op: "delete_edge", id: [...editor.graph.edges.keys()][0] ?? "none" };
      else op = { op: "delete_node", id: any() };
      editor.apply([op], { label: "Change" });
    }
    expect(scene.cards.size).toBeGreaterThan(50);
    expect(said(scene)).toEqual(said(new Scene(editor)));
  });
});
