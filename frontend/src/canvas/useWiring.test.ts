import { describe, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, aPort, FakeKeeper, FakeServer } from "../core/testing";
import { judge, wire } from "./useWiring";

const router = {
  ...{
    module: "common-v1",
    name: "router",
    title: "Router",
    description: "",
    category: "",
    icon: "",
    tags: [],
  },
  ports: [aPort("in", false), aPort("default", true)],
};
const ends = { source: "a", source_port: "big", target: "b", target_port: "in" };

async function open() {
  const server = new FakeServer([aNode("a", { component: "router" }), aNode("b", { component: "router" })]);
  const catalogue = () => Promise.resolve({ modules: [], components: [router] });
  const editor = new Editor({ ...server.api, catalogue }, new FakeKeeper());
  await editor.open();
  return editor;
}

describe("a wire", () => {
  it("is refused, with the reason, from a port that neither the node nor its component has", async () => {
    const editor = await open();
    expect(wire(editor, ends)).toBe(false);
    expect(editor.notices.get().map(({ message }) => message)).toEqual([
      "One of the two ports does not exist on its node.",
    ]);
    expect(editor.graph.edges.size).toBe(0);
  });

  it("may start at a port that the node has of its own, and no longer once that is gone", async () => {
    const editor = await open();
    const ports = [aPort("in", false), aPort("big", true)];
    editor.live({ full: true, nodes: { a: { ports } }, edges: {} });
    expect(judge(editor, ends)).toEqual({ ok: true });
    editor.live({ full: false, nodes: { a: { ports: null } }, edges: {} });
    expect(judge(editor, ends).ok).toBe(false);
  });
});
