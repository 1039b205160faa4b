import { afterEach, describe, expect, it, vi } from "vitest";
import { isLoaded, mappingOf, NOT_LOADED, settingsOf } from "./contents";
import { Editor } from "./editor";
import { Refusal, Unreachable } from "./errors";
import { aNode, anEdge, FakeKeeper, FakeServer } from "./testing";
import type { Op } from "./types";

const settle = () => new Promise((resolve) => setTimeout(resolve));
const nodes = ["a", "b", "c"].map((id) => aNode(id, { settings: { name: id, n: 1 } }));
const edges = [anEdge("ab", "a", "b", { mapping: { n: "{{ $.n }}" } }), anEdge("bc", "b", "c")];

async function open(server = new FakeServer(nodes, edges)) {
  server.bare = true;
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const settings = (id: string) => settingsOf(editor.graph.nodes.get(id));
  return { editor, server, settings };
}

const set = (id: string, value: number): Op => ({ op: "set_setting", id, path: ["n"], value });

/** The next reading of contents waits until it is let go. */
function held(server: FakeServer): () => void {
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const { contents } = server.api;
  vi.spyOn(server.api, "contents").mockImplementationOnce(async (...asked) => {
    const answer = await contents(...asked);
    await gate;
    return answer;
  });
  return () => go();
}

afterEach(() => void vi.restoreAllMocks());

describe("a flow that was opened", () => {
  it("has structure only, and knows what is empty to be there", async () => {
    const { editor, server } = await open();
    expect(editor.graph.nodes.get("a")?.settings).toBe(NOT_LOADED);
    expect(mappingOf(editor.graph.edges.get("ab"))).toBeUndefined();
    expect(mappingOf(editor.graph.edges.get("bc"))).toEqual({});
    await editor.load(["bc", "nobody"]);
    expect(server.asked).toEqual([]);
  });

  it("reads what is wanted, in one request for all who want something at once", async () => {
    const { editor, server, settings } = await open();
    const heard = vi.fn();
    editor.subscribeTo("a", heard);
    await Promise.all([editor.load(["a"]), editor.load(["ab", "a"])]);
    expect(settings("a")).toEqual({ name: "a", n: 1 });
    expect(mappingOf(editor.graph.edges.get("ab"))).toEqual({ n: "{{ $.n }}" });
    expect(settings("b")).toBeUndefined();
    expect(server.asked.map((ids) => [...ids].sort())).toEqual([["a", "ab"]]);
    expect(heard).toHaveBeenCalled();
  });

  it("asks again for what had no room in an answer", async () => {
    const { editor, server, settings } = await open();
    server.most = 1;
    await editor.load(["a", "b", "c"]);
    expect(["a", "b", "c"].map((id) => settings(id)?.["name"])).toEqual(["a", "b", "c"]);
    expect(server.asked).toHaveLength(3);
  });

  it("says when they cannot be read, and reads them when asked again", async () => {
    const { editor, server, settings } = await open();
    server.down = true;
    await expect(editor.load(["a"])).rejects.toBeInstanceOf(Unreachable);
    server.down = false;
    vi.spyOn(server.api, "contents").mockRejectedValueOnce(new Refusal(404, "not_found", "Gone."));
    await expect(editor.load(["a"])).rejects.toBeInstanceOf(Refusal);
    await editor.load(["a"]);
    expect(settings("a")).toBeDefined();
  });

  it("does not wait for what was deleted while it was asked for", async () => {
    const { editor, server } = await open();
    server.commit([{ op: "delete_node", id: "c" }], "other");
    await editor.load(["c", "a"]);
    expect(isLoaded(editor.graph.nodes.get("a") ?? aNode("x"))).toBe(true);
    expect(server.asked).toHaveLength(1);
  });
});

describe("a colleague's edit", () => {
  it("of what is not loaded is in what is read later", async () => {
    const { editor, server, settings } = await open();
    editor.receive(server.commit([set("a", 2)], "other"));
    expect(settings("a")).toBeUndefined();
    expect(editor.graph.nodes.get("a")?.rev).toBe(2);
    await editor.load(["a"]);
    expect(settings("a")).toEqual({ name: "a", n: 2 });
  });

  it("of a whole mapping needs no reading", async () => {
    const { editor, server } = await open();
    editor.receive(server.commit([{ op: "set_mapping", id: "ab", mapping: { x: 1 } }], "other"));
    expect(mappingOf(editor.graph.edges.get("ab"))).toEqual({ x: 1 });
    expect(server.asked).toEqual([]);
  });

  it("that is heard of while an older answer is under way is not lost", async () => {
    const { editor, server, settings } = await open();
    const go = held(server);
    const reading = editor.load(["a", "b"]);
    await settle();
    editor.receive(server.commit([set("a", 2)], "other"));
    go();
    await reading;
    expect(settings("a")).toEqual({ name: "a", n: 2 });
    expect(settings("b")).toEqual({ name: "b", n: 1 });
    expect(server.asked).toEqual([["a", "b"], ["a"]]);
  });

  it("that an answer has in it already is waited for, and fetched when it does not come", async () => {
    const { editor, server, settings } = await open();
    server.commit([set("a", 2)], "lost on the way");
    server.commit([{ op: "set_node", id: "b", fields: { label: "B" } }], "lost too");
    await editor.load(["a"]);
    expect(settings("a")).toEqual({ name: "a", n: 2 });
    expect(editor.graph.nodes.get("b")?.label).toBe("B");
  });
});

describe("edits of one's own", () => {
  it("of what is not loaded lie on top of it once it is, also after hours offline and a reload", async () => {
    const server = new FakeServer(nodes, edges);
    const keeper = new FakeKeeper();
    const first = new Editor(server.api, keeper);
    await first.open();
    server.down = true;
    first.apply([set("a", 9)], { label: "Set n" });
    await settle();
    first.close();
    server.down = false;
    server.bare = true;
    let refuse = true;
    const { change } = server.api;
    vi.spyOn(server.api, "change").mockImplementation((request) =>
      refuse ? Promise.reject(new Unreachable("down")) : change(request),
    );
    const editor = new Editor(server.api, keeper);
    await editor.open();
    await editor.load(["a"]);
    expect(settingsOf(editor.graph.nodes.get("a"))).toEqual({ name: "a", n: 9 });
    refuse = false;
    editor.reconnected(server.document.flow.rev);
    await settle();
    await settle();
    expect(server.document.nodes[0]?.settings).toEqual({ name: "a", n: 9 });
  });

  it("are undone without their contents being here", async () => {
    const { editor, server } = await open();
    editor.apply([{ op: "delete_node", id: "a" }], { label: "Delete" });
    expect(editor.graph.nodes.has("a")).toBe(false);
    server.down = true;
    editor.undo();
    await settle();
    expect(editor.graph.nodes.get("a")?.settings ?? NOT_LOADED).toBe(NOT_LOADED);
  });
});

it("keeps what it knows over a reading of the whole flow, but for what has changed", async () => {
  const { editor, server, settings } = await open();
  await editor.load(["a", "b", "ab"]);
  server.commit([set("b", 5)], "other");
  server.log = [];
  vi.spyOn(server.api, "changes").mockRejectedValue(new Refusal(410, "changes_trimmed", "Reload."));
  editor.reconnected(2);
  await settle();
  await settle();
  expect(settings("a")).toEqual({ name: "a", n: 1 });
  expect(mappingOf(editor.graph.edges.get("ab"))).toEqual({ n: "{{ $.n }}" });
  expect(settings("b")).toBeUndefined();
  await editor.load(["b"]);
  expect(settings("b")).toEqual({ name: "b", n: 5 });
});
