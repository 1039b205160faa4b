import { expect, it } from "vitest";
import { schemasOf } from "../core/contents";
import { Editor } from "../core/editor";
import { aGroup, aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import type { FlowGroup, FlowNode } from "../core/types";
import { deleteSelection, duplicateSelection, selectAll } from "./commands";

const two = [aNode("a"), aNode("b", { settings: { n: 1 } })];

async function open(nodes: FlowNode[] = two, groups: FlowGroup[] = []) {
  const server = new FakeServer(nodes, nodes === two ? [anEdge("ab", "a", "b")] : []);
  server.document = { ...server.document, groups };
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

it("duplicates what people said of the messages of a node", async () => {
  const said = { out: { Out: { properties: { visits: { type: "integer" } } } } };
  const editor = await open([aNode("a", { schemas: said })]);
  selectAll(editor);
  duplicateSelection(editor);
  expect([...editor.graph.nodes.values()].map(schemasOf)).toEqual([said, said]);
});

it("duplicates a node into the group that the copy lies in", async () => {
  const editor = await open([aNode("a", { x: 48, y: 48, group: "g" })], [aGroup("g")]);
  selectAll(editor);
  duplicateSelection(editor);
  expect([...editor.graph.nodes.values()].map(({ group }) => group)).toEqual(["g", "g"]);
});

it("does nothing with an empty selection", async () => {
  const editor = await open();
  deleteSelection(editor);
  duplicateSelection(editor);
  expect([editor.graph.nodes.size, editor.queue.get().pending]).toEqual([2, 0]);
});
