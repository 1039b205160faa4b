import { expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { deleteSelection, duplicateSelection, selectAll } from "./commands";

async function open() {
  const server = new FakeServer([aNode("a"), aNode("b", { settings: { n: 1 } })], [anEdge("ab", "a", "b")]);
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  return editor;
}

it("deletes nodes and wires, and names each wire once", async () => {
  const editor = await open();
  selectAll(editor);
  deleteSelection(editor);
  expect([editor.graph.nodes.size, editor.graph.edges.size]).toEqual([0, 0]);
  expect(editor.selection.get().nodes.size).toBe(0);
});

it("duplicates nodes with their settings and the wires between them", async () => {
  const editor = await open();
  editor.select({ nodes: ["a", "b"] });
  duplicateSelection(editor);
  const copies = [...editor.graph.nodes.values()].slice(2);
  expect(copies).toMatchObject([
    { label: "a", x: 24, y: 24 },
    { label: "b", settings: { n: 1 } },
  ]);
  const wire = [...editor.graph.edges.values()].at(-1);
  expect([wire?.source, wire?.target]).toEqual(copies.map(({ id }) => id));
  expect(editor.selection.get().nodes).toEqual(new Set(copies.map(({ id }) => id)));
});

it("does nothing with an empty selection", async () => {
  const editor = await open();
  deleteSelection(editor);
  duplicateSelection(editor);
  expect([editor.graph.nodes.size, editor.queue.get().pending]).toEqual([2, 0]);
});
