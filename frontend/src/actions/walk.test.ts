import { expect, it, vi } from "vitest";
import { BY_KEY } from "./registry";
import { openActions } from "./testing";
import { setCollapsed } from "../core/groups/edits";
import { aNode, anEdge } from "../core/testing";
import type { ActionContext } from "./types";

const press = (context: ActionContext, key: string) => BY_KEY.get(key)?.[0]?.run(context);

async function open() {
  const { context, editor, server } = await openActions({
    nodes: [aNode("a"), aNode("b", { x: 300 }), aNode("c", { x: 300, y: 200 })],
    edges: [anEdge("ab", "a", "b"), anEdge("ac", "a", "c")],
  });
  const selected = () => [...editor.selection.get().nodes, ...editor.selection.get().edges].join();
  return { context, editor, server, selected };
}

it("walks from where a walk begins, along wires and among siblings, and stays at the edge", async () => {
  const { context, selected } = await open();
  const seen = ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"].map((key) => {
    press(context, key);
    return selected();
  });
  expect(seen).toEqual(["a", "b", "c", "a", "a"]);
});

it("goes through the wires of a node, and from a wire to its ends", async () => {
  const { context, editor, selected } = await open();
  editor.select({ nodes: ["a"] });
  press(context, "w");
  expect(selected()).toBe("ab");
  press(context, "w");
  expect(selected()).toBe("ac");
  press(context, "ArrowRight");
  expect(selected()).toBe("c");
});

it("moves what is selected by steps of the grid, together", async () => {
  const { context, editor } = await open();
  editor.select({ nodes: ["b", "c"] });
  press(context, "shift+ArrowRight");
  press(context, "shift+ArrowDown");
  const place = (id: string) => [editor.graph.nodes.get(id)?.x, editor.graph.nodes.get(id)?.y];
  expect([place("b"), place("c")]).toEqual([
    [324, 24],
    [324, 224],
  ]);
});

it("moves a picked note, a picked frame with its nodes, and a collapsed group's card", async () => {
  const { context, editor, server } = await open();
  const frame = { x: 0, y: -48, width: 240, height: 144 };
  editor.apply(
    [
      { op: "add_group", id: "g", ...frame },
      { op: "set_node", id: "a", fields: { group: "g" } },
      { op: "add_note", id: "n", x: 0, y: 480, width: 240, height: 120 },
    ],
    { label: "Draw" },
  );
  await vi.waitFor(() => expect(server.received).toHaveLength(1));
  context.canvas.frame.set("n");
  press(context, "shift+ArrowRight");
  expect(editor.graph.notes.get("n")).toMatchObject({ x: 24, y: 480 });
  context.canvas.frame.set("g");
  editor.select({ nodes: ["a"] });
  press(context, "alt+shift+ArrowDown");
  expect([editor.graph.groups.get("g")?.y, editor.graph.nodes.get("a")?.y]).toEqual([48, 96]);
  context.canvas.frame.set(null);
  setCollapsed(editor, "g", true);
  press(context, "shift+ArrowUp");
  expect([editor.graph.groups.get("g")?.y, editor.graph.nodes.get("a")?.y]).toEqual([24, 72]);
});
