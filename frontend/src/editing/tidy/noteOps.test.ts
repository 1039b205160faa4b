import { describe, expect, it } from "vitest";
import { overlap } from "../../core/geometry";
import { fullRect } from "../rects";
import { holds } from "../../core/groups/frames";
import { aGroup, aNode, anEdge, aNote, openedEditor } from "../../core/testing";
import type { FlowGroup, FlowNode, FlowNote } from "../../core/types";
import { grouped } from "./grouped";
import { tidy } from "./tidy";

async function tidied(nodes: FlowNode[], notes: FlowNote[], groups: FlowGroup[] = []) {
  const edges = nodes.slice(1).map((node, at) => anEdge(`e${String(at)}`, nodes[at]?.id ?? "", node.id));
  const { editor } = await openedEditor(nodes, edges, groups);
  for (const { rev: _, ...note } of notes) editor.apply([{ op: "add_note", ...note }], { label: "Note" });
  await tidy(editor, (layout) => Promise.resolve(grouped(layout)));
  return editor;
}

describe("a note, when nodes are tidied", () => {
  it("goes with the card that it lies beside", async () => {
    const nodes = [aNode("a"), aNode("b", { x: 900, y: 600 })];
    const { graph } = await tidied(nodes, [aNote("n", { x: 900, y: 720 })]);
    const [b, n] = [graph.nodes.get("b"), graph.notes.get("n")];
    expect([(n?.x ?? 0) - (b?.x ?? 0), (n?.y ?? 0) - (b?.y ?? 0)]).toEqual([0, 120]);
  });

  it("that is about none stays, unless a card would come to lie on it", async () => {
    const nodes = [aNode("a"), aNode("b", { x: 2_000, y: 900 })];
    const far = aNote("far", { x: 4_000, y: 4_000 });
    const editor = await tidied(nodes, [far, aNote("way", { x: 336, y: 0 })]);
    const { graph } = editor;
    expect(graph.notes.get("far")).toMatchObject({ x: 4_000, y: 4_000 });
    const way = graph.notes.get("way") ?? far;
    expect([...graph.nodes.values()].some((node) => overlap(fullRect(editor, node), way))).toBe(false);
  });

  it("of a group lies below its cards, in its frame", async () => {
    const nodes = [aNode("a", { x: 24, y: 72, group: "g" }), aNode("b", { x: 24, y: 300, group: "g" })];
    const notes = [aNote("n", { x: 48, y: 100, group: "g" }), aNote("m", { x: 300, y: 100, group: "g" })];
    const editor = await tidied(nodes, notes, [aGroup("g")]);
    const { graph } = editor;
    const frame = graph.groups.get("g") ?? aGroup("none");
    const rects = [...graph.notes.values()];
    for (const { x, y, width, height } of rects)
      expect(holds(frame, { x, y }) && holds(frame, { x: x + width, y: y + height })).toBe(true);
    const all = [...rects, ...Array.from(graph.nodes.values(), (node) => fullRect(editor, node))];
    const meets = all.filter((one, at) => all.slice(at + 1).some((other) => overlap(one, other)));
    expect(meets).toEqual([]);
  });

  it("of a collapsed group goes as far as the group", async () => {
    const nodes = [aNode("a"), aNode("b", { x: 1_024, y: 572, group: "g" })];
    const group = aGroup("g", { x: 1_000, y: 500, collapsed: true });
    const { graph } = await tidied(nodes, [aNote("n", { x: 1_100, y: 800, group: "g" })], [group]);
    const [g, n] = [graph.groups.get("g"), graph.notes.get("n")];
    expect(g?.x).not.toBe(1_000);
    expect([(n?.x ?? 0) - (g?.x ?? 0), (n?.y ?? 0) - (g?.y ?? 0)]).toEqual([100, 300]);
  });
});
