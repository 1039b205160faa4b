import { expect, it, vi } from "vitest";
import { cardRects } from "../core/cards";
import type { Rect } from "../core/geometry";
import { aGroup } from "../core/testing";
import { addOnWire } from "./addOnWire";
import { fitOnWire } from "./insert";
import { aNode, anEdge, openFlow, PASS, wireOf } from "./testing";

type Flow = Awaited<ReturnType<typeof openFlow>>["editor"];

function drop(editor: Flow, wire: string, x: number, y = 0): string {
  const fitting = fitOnWire(editor, wireOf(editor, wire), PASS.ports);
  if (!fitting.ok) throw new Error(fitting.reason);
  addOnWire(editor, PASS, { x, y }, wireOf(editor, wire));
  const [id = ""] = editor.selection.get().nodes;
  return id;
}

const xOf = (editor: Flow, id: string) => editor.graph.nodes.get(id)?.x;
const meet = (one: Rect, other: Rect) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

it("moves what lies to the right as far as the node needs, and nothing else", async () => {
  const nodes = [
    aNode("a"),
    aNode("b", { x: 288 }),
    aNode("c", { x: 576 }),
    aNode("above", { x: 288, y: -240 }),
    aNode("way", { x: 864 }),
  ];
  const { editor, server } = await openFlow(nodes, [anEdge("ab", "a", "b"), anEdge("bc", "b", "c")]);
  const id = drop(editor, "ab", 144);
  expect(xOf(editor, id)).toBe(264);
  expect(["a", "b", "c", "above", "way"].map((one) => xOf(editor, one))).toEqual([0, 528, 816, 288, 1104]);
  await vi.waitFor(() => expect(server.received).toHaveLength(1));
  expect(editor.history.get().undo).toBe("Insert debug into a wire");
});

it("leaves everything where it is when there is room", async () => {
  const { editor } = await openFlow([aNode("a"), aNode("b", { x: 960 })], [anEdge("ab", "a", "b")]);
  const id = drop(editor, "ab", 360, 24);
  expect(editor.graph.nodes.get(id)).toMatchObject({ x: 360, y: 24 });
  expect(xOf(editor, "b")).toBe(960);
});

it("keeps nodes in their frame, and moves a frame whose nodes all go", async () => {
  const { editor, server } = await openFlow(
    [aNode("a"), aNode("b", { x: 288, group: "g" }), aNode("c", { x: 576, group: "g" })],
    [anEdge("ab", "a", "b"), anEdge("bc", "b", "c")],
  );
  server.document = { ...server.document, groups: [aGroup("g", { x: 264, y: -60, width: 560 })] };
  await editor.open();
  drop(editor, "ab", 40);
  expect(editor.graph.groups.get("g")).toMatchObject({ x: 504, width: 560 });
  drop(editor, "bc", 700);
  expect(editor.graph.groups.get("g")?.width).toBeGreaterThan(560);
  expect(["b", "c"].map((id) => editor.graph.nodes.get(id)?.group)).toEqual(["g", "g"]);
});

it("never leaves two cards on each other, wherever the wire leads", async () => {
  const nodes = [
    aNode("a", { x: 480 }),
    aNode("b", { x: 240 }),
    aNode("c", { x: 720 }),
    aNode("d", { x: 960 }),
  ];
  const { editor } = await openFlow(nodes, [anEdge("ab", "a", "b"), anEdge("bd", "b", "d")]);
  drop(editor, "ab", 360);
  drop(editor, "bd", 600);
  const rects = cardRects(editor);
  expect(rects.filter((one) => rects.some((other) => other !== one && meet(one, other)))).toEqual([]);
});

it("pushes a note that would be lain upon, and takes along those of a group that goes whole", async () => {
  const nodes = [aNode("a"), aNode("b", { x: 288, group: "g" })];
  const { editor } = await openFlow(nodes, [anEdge("ab", "a", "b")]);
  const size = { width: 120, height: 48 };
  const frame = { x: 264, y: -80, width: 248, height: 400 };
  editor.apply([{ op: "add_group", id: "g", ...frame }], { label: "Group" });
  editor.apply(
    [
      { op: "add_note", id: "inside", x: 288, y: 200, ...size, group: "g" },
      { op: "add_note", id: "way", x: 600, y: 0, ...size },
      { op: "add_note", id: "below", x: 600, y: 600, ...size },
    ],
    { label: "Notes" },
  );
  drop(editor, "ab", 144);
  const step = (xOf(editor, "b") ?? 0) - 288;
  expect(step).toBeGreaterThan(0);
  const notes = ["inside", "way", "below"].map((id) => editor.graph.notes.get(id)?.x ?? 0);
  expect(notes).toEqual([288 + step, 600 + step, 600]);
  expect(editor.graph.groups.get("g")?.x).toBe(264 + step);
});
