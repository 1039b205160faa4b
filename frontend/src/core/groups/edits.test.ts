import { describe, expect, it } from "vitest";
import { Editor } from "../editor";
import { aGroup, aNode, aNote, FakeKeeper, FakeServer } from "../testing";
import type { FlowGroup, FlowNode, FlowNote, Op } from "../types";
import {
  addNote,
  deleteWithNodes,
  makeGroup,
  moveFrame,
  resizeFrame,
  setCollapsed,
  ungroup,
  withGroups,
} from "./edits";
import { seenNotes } from "./frames";

async function open(nodes: FlowNode[], groups: FlowGroup[] = [], notes: FlowNote[] = []) {
  const server = new FakeServer(nodes);
  server.document = { ...server.document, groups, notes };
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  return editor;
}

describe("a group", () => {
  it("is drawn around its nodes, with room for its title, and takes them from other groups", async () => {
    const editor = await open(
      [aNode("a", { x: 48, y: 96 }), aNode("b", { x: 288, group: "g" })],
      [aGroup("g")],
    );
    const made = makeGroup(editor, ["a", "b"]) ?? "";
    expect(editor.graph.groups.get(made)).toMatchObject({ x: 24, y: -56, width: 488 });
    expect([...editor.graph.nodes.values()].map(({ group }) => group)).toEqual([made, made]);
  });

  it("is none without nodes", async () => {
    const editor = await open([]);
    expect(makeGroup(editor, [])).toBeNull();
  });

  it("moves with its nodes, and with no others", async () => {
    const editor = await open([aNode("a", { group: "g" }), aNode("b")], [aGroup("g")]);
    moveFrame(editor, "g", { x: 24, y: 48 });
    expect(editor.graph.groups.get("g")).toMatchObject({ x: 24, y: 48 });
    expect(editor.graph.nodes.get("a")).toMatchObject({ x: 24, y: 48 });
    expect(editor.graph.nodes.get("b")).toMatchObject({ x: 0, y: 0 });
  });

  it("takes in whom its new size surrounds and lets go whom it leaves behind", async () => {
    const nodes = [aNode("a", { x: 24, y: 48, group: "g" }), aNode("b", { x: 600, y: 48 })];
    const editor = await open(nodes, [aGroup("g", { width: 480 })]);
    resizeFrame(editor, "g", { x: 0, y: 0, width: 900, height: 240 });
    expect(editor.graph.nodes.get("b")?.group).toBe("g");
    resizeFrame(editor, "g", { x: 0, y: 0, width: 96, height: 96 });
    expect([...editor.graph.nodes.values()].map(({ group }) => group)).toEqual([null, null]);
  });

  it("is selected as a card when it hides what was selected", async () => {
    const nodes = [aNode("a", { group: "g" }), aNode("b", { group: "g" }), aNode("c")];
    const editor = await open(nodes, [aGroup("g")]);
    editor.select({ nodes: ["a"] });
    setCollapsed(editor, "g", true);
    expect([...editor.selection.get().nodes]).toEqual(["a", "b"]);
    setCollapsed(editor, "g", false);
    editor.select({ nodes: ["c"] });
    setCollapsed(editor, "g", true);
    expect([...editor.selection.get().nodes]).toEqual(["c"]);
  });

  it("leaves its nodes when it is taken away, and takes them along only when asked to", async () => {
    const editor = await open(
      [aNode("a", { group: "g" }), aNode("b", { group: "h" })],
      [aGroup("g"), aGroup("h")],
    );
    ungroup(editor, "g");
    expect(editor.graph.nodes.get("a")?.group).toBeNull();
    deleteWithNodes(editor, "h");
    expect([...editor.graph.nodes.keys()]).toEqual(["a"]);
    expect(editor.graph.groups.size).toBe(0);
  });
});

describe("a node that is dropped", () => {
  const move = (x: number, y: number): Op & { op: "set_node" } => ({
    op: "set_node",
    id: "a",
    fields: { x, y },
  });

  it("joins the frame it is dropped into, and leaves the one it is dragged out of", async () => {
    const { graph } = await open([aNode("a", { x: 900 })], [aGroup("g")]);
    expect(withGroups(graph, [move(24, 48)])[0]?.fields).toEqual({ x: 24, y: 48, group: "g" });
    const inside = await open([aNode("a", { x: 24, group: "g" })], [aGroup("g")]);
    expect(withGroups(inside.graph, [move(900, 0)])[0]?.fields).toEqual({ x: 900, y: 0, group: null });
    expect(withGroups(inside.graph, [move(48, 48)])[0]?.fields).toEqual({ x: 48, y: 48 });
  });

  it("stays in a collapsed group, whose frame nobody sees", async () => {
    const { graph } = await open([aNode("a", { group: "g" })], [aGroup("g", { collapsed: true })]);
    expect(withGroups(graph, [move(900, 0)])[0]?.fields).toEqual({ x: 900, y: 0 });
  });
});

describe("a note", () => {
  it("lies on the grid beside others, moves and is resized", async () => {
    const editor = await open([], [], [aNote("n")]);
    const made = addNote(editor, { x: 13, y: 25 }) ?? "";
    // The other note is in the way.
    expect(editor.graph.notes.get(made)).toMatchObject({ x: 24, y: 144, text: "" });
    moveFrame(editor, "n", { x: 24, y: 0 });
    resizeFrame(editor, "n", { x: 24, y: 0, width: 96, height: 96 });
    expect(editor.graph.notes.get("n")).toMatchObject({ x: 24, width: 96 });
  });
});

describe("a note of a group", () => {
  const inside = () => aNote("n", { x: 24, y: 96, group: "g" });

  it("goes where the group goes, and leaves it by being moved out", async () => {
    const editor = await open([aNode("a", { group: "g" })], [aGroup("g")], [inside()]);
    moveFrame(editor, "g", { x: 240, y: 0 });
    expect(editor.graph.notes.get("n")).toMatchObject({ x: 264, group: "g" });
    moveFrame(editor, "n", { x: 2_400, y: 0 });
    expect(editor.graph.notes.get("n")?.group).toBeNull();
    moveFrame(editor, "n", { x: -2_400, y: 0 });
    expect(editor.graph.notes.get("n")?.group).toBe("g");
  });

  it("is written into the frame that it is added in, and taken in by a frame around it", async () => {
    const editor = await open([aNode("a", { group: "g" })], [aGroup("g")]);
    const made = addNote(editor, { x: 230, y: 100 }) ?? "";
    expect(editor.graph.notes.get(made)?.group).toBe("g");
    const other = await open(
      [aNode("a"), aNode("b", { x: 720 })],
      [],
      [aNote("n", { x: 300, width: 200, height: 60 })],
    );
    const group = makeGroup(other, ["a", "b"]);
    expect(other.graph.notes.get("n")?.group).toBe(group);
  });

  it("stays when the group is taken away, and goes when it is deleted with its nodes", async () => {
    const editor = await open([aNode("a", { group: "g" })], [aGroup("g")], [inside()]);
    ungroup(editor, "g");
    expect(editor.graph.notes.get("n")?.group).toBeNull();
    const other = await open([aNode("a", { group: "g" })], [aGroup("g")], [inside()]);
    deleteWithNodes(other, "g");
    expect(other.graph.notes.size).toBe(0);
  });

  it("is hidden by the card, and has its place in the frame when that is back", async () => {
    const editor = await open(
      [aNode("a", { x: 24, y: 72, group: "g" })],
      [aGroup("g", { collapsed: true })],
      [aNote("n", { x: 900, y: 96, group: "g" })],
    );
    expect(seenNotes(editor.graph)).toEqual([]);
    setCollapsed(editor, "g", false);
    expect(seenNotes(editor.graph)).toHaveLength(1);
    expect(editor.graph.groups.get("g")?.width).toBeGreaterThan(1_100);
  });
});
