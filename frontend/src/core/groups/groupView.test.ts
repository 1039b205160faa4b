import { describe, expect, it } from "vitest";
import { Scene } from "../scene";
import { aGroup, anEdge, aNode, openedEditor } from "../testing";
import type { FlowGroup } from "../types";
import { drawingOf } from "./drawing";
import { unfold } from "./fold";
import { groupView } from "./groupView";

/** in -> a -> b -> out, and in -> b; a and b in the group g. */
async function open(group: Partial<FlowGroup> = {}) {
  const nodes = [
    aNode("in"),
    aNode("aaaa", { x: 300, y: 48, group: "g" }),
    aNode("bbbb", { x: 600, y: 96, group: "g" }),
    aNode("out", { x: 900 }),
  ];
  const edges = [
    anEdge("e1", "in", "aaaa"),
    anEdge("e2", "aaaa", "bbbb"),
    anEdge("e3", "bbbb", "out"),
    anEdge("e4", "in", "bbbb"),
  ];
  const { editor, server } = await openedEditor(nodes, edges, [aGroup("g", { collapsed: true, ...group })]);
  const view = groupView(editor, "g");
  return { editor, server, view };
}

describe("a group as a view of its own", () => {
  it("has the group's nodes, and a card at each border with a port for each port outside", async () => {
    const { view } = await open();
    const drawing = drawingOf(view);
    expect([...drawing.graph.nodes.keys()]).toEqual(["aaaa", "bbbb", "g:in", "g:out"]);
    const labels = (id: string) => drawing.portsOf(id).map(({ label, source }) => [label, source]);
    // Two wires come from one port outside.
    expect(labels("g:in")).toEqual([["in", true]]);
    expect(labels("g:out")).toEqual([["out", false]]);
    expect([...drawing.graph.edges.values()].map(({ source, target }) => [source, target])).toEqual([
      ["g:in", "aaaa"],
      ["aaaa", "bbbb"],
      ["bbbb", "g:out"],
      ["g:in", "bbbb"],
    ]);
    const [entry, exit] = ["g:in", "g:out"].map((id) => drawing.graph.nodes.get(id)?.x ?? 0);
    expect(entry).toBeLessThan(300 - 200);
    expect(exit).toBeGreaterThan(600 + 200);
  });

  it("leads a wire that is drawn at its border to the port outside", async () => {
    const { view } = await open();
    const drawn = { source: "g:in", source_port: "in:out:out", target: "bbbb", target_port: "in" };
    expect(unfold(view.graph, drawn)).toMatchObject({ source: "in", source_port: "out" });
  });

  it("takes what is added there into the group, and makes no group in it", async () => {
    const { editor, view } = await open();
    const added = view.add({ module: "common-v1", component: "debug" }) ?? "";
    expect(editor.graph.nodes.get(added)?.group).toBe("g");
    view.apply(
      [
        { op: "add_group", id: "h", x: 0, y: 0, width: 100, height: 100 },
        { op: "set_node", id: added, fields: { x: 24, group: "h" } },
      ],
      { label: "Paste" },
    );
    expect([...editor.graph.groups.keys()]).toEqual(["g"]);
    expect(editor.graph.nodes.get(added)).toMatchObject({ x: 24, group: "g" });
  });

  it("follows what a colleague does inside and at the border", async () => {
    const { server, view, editor } = await open();
    const scene = new Scene(drawingOf(view));
    scene.follow();
    const { x, y } = { x: 300, y: 200 };
    const node = { op: "add_node", id: "cccc", module: "m", component: "c", x, y, group: "g" } as const;
    editor.receive(server.commit([node], "c1"));
    expect(scene.card("cccc")?.rect).toMatchObject({ x: 300, y: 200 });
    editor.receive(server.commit([{ op: "set_node", id: "in", fields: { label: "Orders" } }], "c2"));
    expect(scene.card("g:in")?.layout.ports.map(({ label }) => label)).toEqual(["Orders"]);
    editor.receive(server.commit([{ op: "set_node", id: "aaaa", fields: { group: null } }], "c3"));
    expect(scene.card("aaaa")).toBeUndefined();
    // What left is outside now, and wired to what stayed.
    expect(
      scene
        .card("g:in")
        ?.layout.ports.map(({ label }) => label)
        .sort(),
    ).toEqual(["Orders", "aaaa"]);
  });
});

describe("looking at a group", () => {
  it("is one's own: nothing is sent, and a viewer may", async () => {
    const { editor, server } = await open();
    editor.can.set({ edit: false, control: false });
    editor.enter("g");
    expect(editor.within.get()).toBe("g");
    editor.enter(null);
    expect(server.received).toEqual([]);
    // Whoever comes out stands at the card.
    expect([...editor.selection.get().nodes]).toEqual(["aaaa", "bbbb"]);
  });

  it("begins and ends by going to a node that is hidden otherwise", async () => {
    const { editor } = await open();
    editor.reveal("aaaa");
    expect(editor.within.get()).toBe("g");
    editor.reveal("e1");
    expect(editor.within.get()).toBe("g");
    editor.reveal("out");
    expect(editor.within.get()).toBeNull();
    editor.reveal("e2");
    expect(editor.within.get()).toBe("g");
  });

  it("stays in the flow for nodes of a group that is not collapsed", async () => {
    const { editor } = await open({ collapsed: false });
    editor.reveal("aaaa");
    expect(editor.within.get()).toBeNull();
  });

  it("ends with the group, and says so", async () => {
    const { editor, server } = await open();
    editor.enter("g");
    editor.receive(server.commit([{ op: "delete_group", id: "g" }], "c1"));
    expect(editor.within.get()).toBeNull();
    expect(editor.notices.get().map(({ message }) => message)).toEqual([
      "The group you looked at is gone. This is the whole flow.",
    ]);
  });
});
