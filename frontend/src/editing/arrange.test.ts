import { describe, expect, it, vi } from "vitest";
import { alignSelection, distributeSelection, nudgeSelection, type Edge } from "./align";
import { Guides, snapCard } from "./guides";
import { aComponent, aNode, anEdge, aPort, openFlow } from "./testing";
import { grouped } from "./tidy/grouped";
import { layered } from "./tidy/layered";
import { tidy } from "./tidy/tidy";

// 64 px high, and 116 px.
const small = aComponent("debug", [aPort("in", false)]);
const tall = aComponent("tall", [aPort("in", false), aPort("more", false)]);

async function three() {
  const nodes = [
    aNode("a", { x: 0, y: 0 }),
    aNode("b", { x: 100, y: 50, component: "tall" }),
    aNode("c", { x: 700, y: 301 }),
  ];
  const flow = await openFlow(nodes, [], [small, tall]);
  flow.editor.select({ nodes: ["a", "b", "c"] });
  return flow;
}

const places = (editor: Awaited<ReturnType<typeof three>>["editor"]) =>
  [...editor.graph.nodes.values()].map(({ x, y }) => [x, y]);

describe("aligning", () => {
  it.each<[Edge, number[][]]>([
    [
      "left",
      [
        [0, 0],
        [0, 50],
        [0, 301],
      ],
    ],
    [
      "centre",
      [
        [350, 0],
        [350, 50],
        [350, 301],
      ],
    ],
    [
      "right",
      [
        [700, 0],
        [700, 50],
        [700, 301],
      ],
    ],
    [
      "top",
      [
        [0, 0],
        [100, 0],
        [700, 0],
      ],
    ],
    [
      "middle",
      [
        [0, 151],
        [100, 125],
        [700, 151],
      ],
    ],
    [
      "bottom",
      [
        [0, 301],
        [100, 249],
        [700, 301],
      ],
    ],
  ])("%s", async (edge, expected) => {
    const { editor } = await three();
    alignSelection(editor, edge);
    expect(places(editor)).toEqual(expected);
    expect(editor.history.get().undo).toBe("Align 3 nodes");
  });

  it("spreads with equal gaps between cards of any size", async () => {
    const { editor } = await three();
    distributeSelection(editor, "x");
    expect(places(editor).map(([x]) => x)).toEqual([0, 350, 700]);
    distributeSelection(editor, "y");
    expect(places(editor).map(([, y]) => y)).toEqual([0, 125, 301]);
  });

  it("moves by steps", async () => {
    const { editor } = await three();
    nudgeSelection(editor, 24, -24);
    expect(places(editor)).toEqual([
      [24, -24],
      [124, 26],
      [724, 277],
    ]);
  });
});

describe("guides", () => {
  const guides = new Guides([{ x: 0, y: 100, width: 200, height: 64 }]);
  const grid = (value: number) => Math.round(value / 24) * 24;

  it("draw a card into line with an edge or a centre that is near, on each axis by itself", () => {
    const { at, lines } = snapCard({ x: 203, y: 130, width: 200, height: 116 }, guides, 6, grid);
    expect(at).toEqual({ x: 200, y: 120 });
    expect(lines).toEqual([{ axis: "x", at: 200, from: 100, to: 236 }]);
    expect(snapCard({ x: 500, y: 72, width: 200, height: 116 }, guides, 6, grid).at.y).toBe(74);
  });

  it("leave it to the grid where nothing is near", () => {
    expect(snapCard({ x: 611, y: 611, width: 200, height: 64 }, guides, 6, grid)).toEqual({
      at: { x: 600, y: 600 },
      lines: [],
    });
  });
});

describe("tidying", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  const compute = (layout: Parameters<typeof layered>[0]) => Promise.resolve(layered(layout));

  it("lays the selected nodes out as one step, clear of the others", async () => {
    const nodes = [aNode("a"), aNode("b", { x: 10, y: 10 }), aNode("other", { x: 288, y: 0 })];
    const { editor, server } = await openFlow(nodes, [anEdge("ba", "b", "a")], [small]);
    editor.select({ nodes: ["a", "b"] });
    expect((await tidy(editor, compute)).toSorted()).toEqual(["a", "b"]);
    expect(places(editor)).toEqual([
      [288, 96],
      [0, 96],
      [288, 0],
    ]);
    expect(editor.history.get().undo).toBe("Tidy 2 nodes");
    // Edits of one frame go together, once the frame is over.
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
  });

  it("moves a group's frame along with its nodes", async () => {
    const nodes = [
      aNode("a", { group: "g" }),
      aNode("b", { x: 900, y: 700, group: "g" }),
      aNode("c", { y: 24 }),
    ];
    const { editor, server } = await openFlow(
      nodes,
      [anEdge("ab", "a", "b"), anEdge("bc", "b", "c")],
      [small],
    );
    const frame = { x: -24, y: -56, width: 1200, height: 900 };
    editor.receive(server.commit([{ op: "add_group", id: "g", name: "G", ...frame }], "theirs"));
    await tidy(editor, (layout) => Promise.resolve(grouped(layout)));
    const [a, b] = ["a", "b"].map((id) => editor.graph.nodes.get(id));
    expect([(b?.x ?? 0) - (a?.x ?? 0), a?.y]).toEqual([288, b?.y]);
    expect(editor.graph.groups.get("g")).toMatchObject({ x: (a?.x ?? 0) - 24, width: 488 + 48 });
    expect(editor.graph.nodes.get("c")?.x).toBeGreaterThan((b?.x ?? 0) + 200 + 24);
  });

  it("begins a loop at the node that stood leftmost, whatever stands highest", async () => {
    const nodes = [aNode("counter", { x: 480, y: 0 }), aNode("server", { x: 0, y: 96 })];
    const wires = [anEdge("go", "server", "counter"), anEdge("back", "counter", "server")];
    const { editor } = await openFlow(nodes, wires, [small]);
    await tidy(editor, compute);
    const [server, counter] = ["server", "counter"].map((id) => editor.graph.nodes.get(id)?.x ?? NaN);
    expect(server).toBeLessThan(counter ?? NaN);
  });

  it("leaves alone what was moved or deleted meanwhile", async () => {
    const { editor, server } = await openFlow([aNode("a"), aNode("b"), aNode("c")], [], [small]);
    await tidy(editor, (layout) => {
      editor.receive(server.commit([{ op: "set_node", id: "b", fields: { x: 999 } }], "theirs"));
      editor.receive(server.commit([{ op: "delete_node", id: "c" }], "theirs too"));
      return compute(layout);
    });
    expect(editor.graph.nodes.get("b")?.x).toBe(999);
    expect(editor.graph.nodes.size).toBe(2);
  });

  it("says so when the layout fails", async () => {
    const { editor } = await openFlow([aNode("a"), aNode("b")], [], [small]);
    expect(await tidy(editor, () => Promise.reject(new Error("it took too long")))).toEqual([]);
    expect(editor.notices.get()[0]?.message).toContain("took too long");
  });

  it("can be cancelled where it takes long, and leaves all as it was", async () => {
    vi.useFakeTimers();
    const { editor } = await three();
    const before = places(editor);
    const going = tidy(editor, (_, signal) => {
      return new Promise((_done, fail) => signal.addEventListener("abort", () => fail(new Error("ended"))));
    });
    await vi.advanceTimersByTimeAsync(600);
    const [notice] = editor.notices.get();
    expect(notice?.message).toBe("Tidying 3 nodes …");
    notice?.action?.run();
    expect(await going).toEqual([]);
    expect(editor.notices.get()).toEqual([]);
    expect(places(editor)).toEqual(before);
    vi.useRealTimers();
  });
});
