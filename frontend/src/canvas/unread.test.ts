import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { copyByMenu, copyLater } from "./clipboard";
import { duplicateSelection } from "./commands";
import { readAhead } from "./readAhead";
import { reconnect } from "../editing/reconnect";

const written = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());

beforeEach(() => void vi.stubGlobal("navigator", { clipboard: { writeText: written } }));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  written.mockClear();
});

async function open(count = 3) {
  const ids = Array.from({ length: count }, (_, at) => `n${String(at)}`);
  const nodes = ids.map((id) => aNode(id, { settings: { of: id } }));
  const server = new FakeServer(nodes, [anEdge("wire", "n0", "n1", { mapping: { m: 1 } })]);
  server.bare = true;
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  editor.select({ nodes: ids });
  const said = () => editor.notices.get().map(({ message }) => message);
  return { editor, server, said };
}

describe("what is not read yet", () => {
  it("is read before it is copied, however much it is", async () => {
    const { editor, server } = await open(700);
    await copyByMenu(editor, false);
    const copy = JSON.parse(written.mock.calls[0]?.[0] ?? "") as {
      nodes: { settings: unknown }[];
      edges: unknown[];
    };
    expect(copy.nodes).toHaveLength(700);
    expect(copy.nodes[699]?.settings).toEqual({ of: "n699" });
    expect(copy.edges).toMatchObject([{ mapping: { m: 1 } }]);
    expect(server.asked.map(({ length }) => length)).toEqual([500, 201]);
  });

  it("is cut only once it stands on the clipboard, and nothing else that is selected meanwhile", async () => {
    const { editor, server, said } = await open();
    server.down = true;
    await copyByMenu(editor, true);
    expect([editor.graph.nodes.size, written.mock.calls.length]).toEqual([3, 0]);
    expect(said()[0]).toContain("Cut: it needs settings and mappings that this page has not read yet.");
    server.down = false;
    editor.select({ nodes: ["n0"] });
    const cutting = copyByMenu(editor, true);
    editor.select({ nodes: ["n1"] });
    await cutting;
    expect([...editor.graph.nodes.keys()]).toEqual(["n1", "n2"]);
  });

  it("has to be copied again where the browser did not wait", async () => {
    const { editor, said } = await open();
    written.mockRejectedValueOnce(new Error("no gesture"));
    await copyLater(editor, false);
    expect(said()).toEqual([
      "Copy: what is selected had to be read first, and now it is here. Press Ctrl C again.",
    ]);
  });

  it("is duplicated with what it holds", async () => {
    const { editor, server, said } = await open();
    await duplicateSelection(editor);
    const copies = [...editor.graph.nodes.values()].slice(3);
    expect(copies.map(({ settings }) => settings)).toEqual([{ of: "n0" }, { of: "n1" }, { of: "n2" }]);
    server.down = true;
    const { editor: other, server: gone, said: told } = await open();
    gone.down = true;
    expect(await duplicateSelection(other)).toBe(false);
    expect([other.graph.nodes.size, told().length, said().length]).toEqual([3, 1, 0]);
  });

  it("goes along with a wire that is led elsewhere", async () => {
    const { editor } = await open();
    const wire = editor.graph.edges.get("wire");
    if (!wire) throw new Error("There is no wire.");
    const catalogue = {
      modules: [],
      components: [
        {
          ...{ module: "common-v1", name: "debug", title: "Debug", description: "", category: "", icon: "" },
          tags: [],
          ports: (["in", "out"] as const).map((name) => ({
            ...{ name, label: name, position: 1 as const, source: name === "out" },
            ...{ schema: null, configuration: null },
          })),
        },
      ],
    };
    editor.catalogue.set(catalogue);
    reconnect(editor, wire, { source: "n0", source_port: "out", target: "n2", target_port: "in" });
    await vi.waitFor(() => {
      expect([...editor.graph.edges.values()]).toMatchObject([{ target: "n2", mapping: { m: 1 } }]);
    });
  });

  it("is read ahead once several nodes are selected", async () => {
    const { editor, server } = await open();
    vi.useFakeTimers();
    const stop = readAhead(editor);
    editor.select({ nodes: ["n0"] });
    await vi.advanceTimersByTimeAsync(400);
    expect(server.asked).toEqual([]);
    editor.select({ nodes: ["n0", "n1"] });
    await vi.advanceTimersByTimeAsync(400);
    expect(server.asked).toEqual([["n0", "n1", "wire"]]);
    stop();
  });
});
