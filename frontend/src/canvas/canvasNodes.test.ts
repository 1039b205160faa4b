import { describe, expect, it } from "vitest";
import { Scene } from "../core/scene";
import { aNode, anEdge, openedEditor } from "../core/testing";
import { CanvasEdges } from "./canvasEdges";
import { CanvasNodes } from "./canvasNodes";

async function drawn() {
  const { editor, server } = await openedEditor(
    [aNode("a"), aNode("b"), aNode("c")],
    [anEdge("ab", "a", "b")],
  );
  const scene = new Scene(editor);
  scene.follow();
  const nodes = new CanvasNodes();
  const build = (more: Partial<Parameters<CanvasNodes["build"]>[0]> = {}) =>
    nodes.build({
      ...{ scene, version: scene.version, cards: ["a", "b", "c"], ends: [] },
      ...{ selected: new Set<string>(), carried: new Set<string>() },
      ...more,
    });
  return { editor, server, scene, build };
}

describe("CanvasNodes", () => {
  it("gives size and port places up front", async () => {
    const { build } = await drawn();
    const [a] = build();
    expect(a).toMatchObject({ width: 200, height: 64, measured: { width: 200, height: 64 } });
    expect(a?.handles).toContainEqual(
      expect.objectContaining({ id: "out", type: "source", position: "right", x: 195, y: 27, width: 10 }),
    );
  });

  it("keeps the object of a node that did not change", async () => {
    const { editor, build } = await drawn();
    const before = build();
    editor.apply([{ op: "set_node", id: "a", fields: { x: 24 } }], { label: "Move" });
    const after = build({ selected: new Set(["b"]) });
    expect(after.map((node, at) => node === before[at])).toEqual([false, false, true]);
  });

  it("makes both ends anew when a wire comes, and only those", async () => {
    const { editor, build } = await drawn();
    const before = build();
    editor.apply(
      [{ op: "add_edge", id: "bc", source: "b", source_port: "out", target: "c", target_port: "in" }],
      { label: "Connect" },
    );
    const after = build();
    expect(after.map((node, at) => node === before[at])).toEqual([true, false, false]);
    expect(after.map(({ data }) => data.wired)).toEqual([">out", "in\n>out", "in"]);
  });

  it("lets what is drawn on a card alone while the card is carried", async () => {
    const { build } = await drawn();
    const [a] = build();
    const [carried, b] = build({ carried: new Set(["a"]) });
    expect(carried).toMatchObject({ className: "carried", position: a?.position });
    expect(carried?.data).toBe(a?.data);
    expect(b?.className).toBe("");
  });

  it("keeps ends of wires out of the page", async () => {
    const { build } = await drawn();
    expect(build({ cards: ["a"], ends: ["b"] }).map(({ id, hidden }) => [id, hidden])).toEqual([
      ["a", false],
      ["b", true],
    ]);
  });
});

describe("the order of cards", () => {
  it("is that of the flow, whether one is in the page or only the end of a wire", async () => {
    const { build } = await drawn();
    const ids = (inputs: Parameters<typeof build>[0]) => build(inputs).map(({ id }) => id);
    expect(ids({ cards: ["b"], ends: ["a"] })).toEqual(ids({ cards: ["a", "b"], ends: [] }));
  });

  it("is the same list while nothing changed, so that nobody is told", async () => {
    const { build } = await drawn();
    const before = build();
    expect(build()).toBe(before);
    expect(build({ selected: new Set(["a"]) })).not.toBe(before);
  });
});

describe("CanvasEdges", () => {
  it("gives a wire its ends, in the middle of its ports' dots, and others once a card moves", async () => {
    const { editor, scene } = await drawn();
    const edges = new CanvasEdges();
    const build = () => edges.build({ scene, version: scene.version, wires: ["ab"], selected: new Set() });
    const before = build();
    const card = scene.card("b");
    const port = card?.layout.ports.find(({ name }) => name === "in");
    const x = (card?.node.x ?? 0) + (port?.x ?? 0);
    expect(before[0]?.data?.end).toMatchObject({ x, y: (card?.node.y ?? 0) + (port?.y ?? 0) });
    expect(build()).toBe(before);
    editor.apply([{ op: "set_node", id: "b", fields: { x: (card?.node.x ?? 0) + 48 } }], { label: "Move" });
    expect(build()[0]?.data?.end.x).toBe(x + 48);
  });

  it("keeps the object of a wire that did not change", async () => {
    const { scene } = await drawn();
    const edges = new CanvasEdges();
    const build = (selected: string[]) =>
      edges.build({ scene, version: scene.version, wires: ["ab"], selected: new Set(selected) });
    const [before] = build([]);
    expect(build([])[0]).toBe(before);
    expect(build(["ab"])[0]).toMatchObject({ selected: true, sourceHandle: "out" });
  });
});
