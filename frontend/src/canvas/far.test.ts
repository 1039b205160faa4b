import { describe, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { Drawing as FoldedFlow } from "../core/groups/drawing";
import { graphOf } from "../core/graph";
import { Scene } from "../core/scene";
import { aGroup, aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { clicked, findAt, findIn, titledAt } from "./far";

const NOBODY = { nodes: new Set<string>(), edges: new Set<string>() };

/** a -> b in a row with much room between them, and c and d in a collapsed group far below. */
async function open() {
  const server = new FakeServer(
    [
      aNode("a"),
      aNode("b", { x: 2_000, comment: "below" }),
      aNode("cc", { y: 5_000, group: "g" }),
      aNode("dd", { y: 5_000, group: "g" }),
    ],
    [anEdge("ab", "a", "b")],
  );
  server.document = { ...server.document, groups: [aGroup("g", { y: 5_000, collapsed: true })] };
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const scene = new Scene(new FoldedFlow(editor));
  scene.follow();
  return { editor, scene };
}

describe("what is under the pointer from far", () => {
  it("is a card, else the wire that passes near by, else nothing", async () => {
    const { editor, scene } = await open();
    const at = (x: number, y: number) => findAt(scene, editor, { x, y }, 20);
    expect(at(100, 30)).toEqual({ nodes: ["a"], edges: [] });
    // A card that is a dot on the screen is met beside it too.
    expect(at(-8, 30)).toEqual({ nodes: ["a"], edges: [] });
    expect(at(1_000, 45)).toEqual({ nodes: [], edges: ["ab"] });
    expect(at(1_000, 90)).toEqual({ nodes: [], edges: [] });
  });

  it("is all nodes of a collapsed group", async () => {
    const { editor, scene } = await open();
    expect(findAt(scene, editor, { x: 10, y: 5_010 }, 20).nodes).toEqual(["cc", "dd"]);
  });
});

describe("an area from far", () => {
  it("holds the cards that it touches, with their wires and not by their comments", async () => {
    const { editor, scene } = await open();
    expect(findIn(scene, editor, { x: -50, y: -50, width: 60, height: 60 })).toEqual({
      nodes: ["a"],
      edges: ["ab"],
    });
    expect(findIn(scene, editor, { x: 2_000, y: 100, width: 50, height: 20 }).nodes).toEqual([]);
    const all = findIn(scene, editor, { x: -50, y: -50, width: 9_000, height: 9_000 });
    expect([...all.nodes].sort()).toEqual(["a", "b", "cc", "dd"]);
  });
});

describe("a click from far", () => {
  const found = { nodes: ["cc", "dd"], edges: [] };

  it("selects what it meets, and with a key held adds it or takes it out", () => {
    const others = { nodes: new Set(["a"]), edges: new Set(["ab"]) };
    expect(clicked(others, found, false)).toBe(found);
    expect(clicked(others, found, true)).toEqual({ nodes: ["a", "cc", "dd"], edges: ["ab"] });
    expect(clicked({ ...others, nodes: new Set(["a", "cc", "dd"]) }, found, true).nodes).toEqual(["a"]);
    expect(clicked(NOBODY, { nodes: [], edges: [] }, true)).toEqual({ nodes: [], edges: [] });
  });
});

describe("the title of a group", () => {
  const graph = (collapsed: boolean) =>
    graphOf({ nodes: [], edges: [], groups: [aGroup("g", { name: "Intake", x: 0, y: 0, collapsed })] });

  it("is met above its frame, as large as it is on the screen", () => {
    expect(titledAt(graph(false), { x: 100, y: -60 }, 4)?.id).toBe("g");
    expect(titledAt(graph(false), { x: 100, y: -60 }, 1)).toBeNull();
    expect(titledAt(graph(false), { x: 400, y: -60 }, 4)).toBeNull();
    expect(titledAt(graph(false), { x: 100, y: 60 }, 4)).toBeNull();
  });

  it("is not there where it has no room, nor for a card", () => {
    expect(titledAt(graph(false), { x: 100, y: -60 }, 20)).toBeNull();
    expect(titledAt(graph(true), { x: 100, y: -60 }, 4)).toBeNull();
  });
});
