import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Editor } from "./editor";
import { Refusal } from "./errors";
import { deferred, aNode, anEdge, FakeKeeper, FakeServer } from "./testing";

async function open(
  server = new FakeServer([aNode("a"), aNode("b")], [anEdge("ab", "a", "b")]),
  keeper = new FakeKeeper(),
) {
  const editor = new Editor(server.api, keeper);
  await editor.open();
  return { server, keeper, editor };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const move = (editor: Editor, x: number) =>
  editor.apply([{ op: "set_node", id: "a", fields: { x } }], { label: "Move a node" });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("undo and redo", () => {
  it("ask the server to take the change back, and back again", async () => {
    const { server, editor } = await open();
    move(editor, 24);
    await settle();
    expect(editor.history.get()).toEqual({ undo: "Move a node", redo: null });
    editor.undo();
    await settle();
    editor.redo();
    await settle();
    expect(server.received.map(({ undo }) => undo)).toEqual([undefined, 2, 3]);
    expect(editor.history.get()).toEqual({ undo: "Move a node", redo: null });
  });

  it("follow quick keys, before any answer has come", async () => {
    const { server, editor } = await open();
    const slow = deferred();
    server.next(slow.promise);
    move(editor, 24);
    await settle();
    editor.undo();
    editor.redo();
    editor.undo();
    slow.resolve();
    await settle();
    expect(server.received.map(({ undo }) => undo)).toEqual([undefined, 2, 3, 4]);
  });

  it("take back without the server what was never sent", async () => {
    const { server, editor } = await open();
    server.down = true;
    move(editor, 24);
    await settle();
    move(editor, 48);
    editor.undo();
    expect(editor.graph.nodes.get("a")?.x).toBe(24);
    editor.redo();
    expect(editor.graph.nodes.get("a")?.x).toBe(48);
    expect(editor.queue.get().pending).toBe(2);
  });

  it("undo a gesture that took several batches as one", async () => {
    const { server, editor } = await open();
    const ops = Array.from({ length: 501 }, (_, x) => ({ op: "set_node" as const, id: "a", fields: { x } }));
    editor.apply(ops, { label: "Move" });
    await settle();
    editor.undo();
    await settle();
    expect(server.received.map(({ undo }) => undo)).toEqual([undefined, undefined, 3, 2]);
    expect(editor.history.get()).toEqual({ undo: null, redo: "Move" });
  });

  it("say what stands in the way, and go on when told to", async () => {
    const { server, editor } = await open();
    move(editor, 24);
    await settle();
    server.next(new Refusal(409, "undo_conflict", "Grace moved it since.", { ways: ["force"] }));
    editor.undo();
    await settle();
    const [notice] = editor.notices.get();
    expect(notice).toMatchObject({ kind: "warning", message: "Undo: move a node: Grace moved it since." });
    notice?.action?.run();
    await settle();
    expect(server.received.at(-1)).toMatchObject({ undo: 2, force: true });
    expect(editor.history.get()).toEqual({ undo: null, redo: "Move a node" });
  });

  it("take back what is left of a batch, where that can be had, and do it again", async () => {
    const { server, editor } = await open();
    move(editor, 24);
    await settle();
    const ways = ["force", "rest"];
    server.next(new Refusal(409, "undo_conflict", "Grace moved one of them.", { ways }));
    editor.undo();
    await settle();
    const [notice] = editor.notices.get();
    expect(notice?.action?.label).toBe("Undo the rest");
    notice?.action?.run();
    await settle();
    expect(server.received.at(-1)).toMatchObject({ undo: 2, rest: true });
    editor.redo();
    await settle();
    expect(server.received.at(-1)).toMatchObject({ undo: 3 });
    expect(editor.history.get()).toEqual({ undo: "Move a node", redo: null });
  });

  it("offer nothing where nothing would help", async () => {
    const { server, editor } = await open();
    move(editor, 24);
    await settle();
    server.next(new Refusal(409, "undo_conflict", "Grace moved it since."));
    editor.undo();
    await settle();
    expect(editor.notices.get().map(({ action }) => action)).toEqual([undefined]);
  });

  it("take what one gesture did in several edits as one", async () => {
    const { server, editor } = await open();
    const nudge = (x: number) =>
      editor.apply([{ op: "set_node", id: "a", fields: { x } }], { label: "Move a node", merge: "nudge a" });
    nudge(24);
    await settle();
    nudge(48);
    await settle();
    editor.apply([{ op: "set_node", id: "a", fields: { y: 24 } }], { label: "Move a node" });
    await settle();
    editor.undo();
    await settle();
    editor.undo();
    await settle();
    expect(server.received.map(({ undo }) => undo)).toEqual([undefined, undefined, undefined, 4, 3, 2]);
  });

  it("forget redo after a new edit, and steps that were refused", async () => {
    const { server, editor } = await open();
    move(editor, 24);
    await settle();
    editor.undo();
    server.next(new Refusal(409, "no", "No."));
    await settle();
    expect(editor.history.get().redo).toBeNull();
    move(editor, 48);
    expect(editor.history.get()).toEqual({ undo: "Move a node", redo: null });
  });
});

describe("the editor", () => {
  it("shows a refusal on the thing it concerns", async () => {
    const { server, editor } = await open();
    server.next(new Refusal(422, "invalid", "x is too large.", { op: 0, field: "/x" }));
    move(editor, 24);
    await settle();
    expect(editor.notices.get()).toMatchObject([
      { node: "a", kind: "error", message: "Move a node: x is too large." },
    ]);
  });

  it("refuses edits of somebody who may only look", async () => {
    const server = new FakeServer([aNode("a")]);
    server.document.can = { edit: false, control: false };
    const { editor } = await open(server);
    move(editor, 24);
    expect(editor.graph.nodes.get("a")?.x).toBe(0);
    expect(editor.notices.get()).toHaveLength(1);
    expect(editor.add({ module: "m", component: "c" })).toBeNull();
  });

  it("keeps edits and steps over a reload of the page", async () => {
    const { server, keeper, editor } = await open();
    move(editor, 24);
    await settle();
    server.down = true;
    move(editor, 48);
    await settle();
    editor.close();
    server.down = false;
    const again = (await open(server, keeper)).editor;
    expect(again.graph.nodes.get("a")?.x).toBe(48);
    await settle();
    expect([again.queue.get().pending, again.history.get().undo]).toEqual([0, "Move a node"]);
    again.undo();
    await settle();
    expect(server.received.at(-1)?.undo).toBe(3);
  });

  it("wakes only those who watch what changed", async () => {
    const { editor } = await open();
    const [a, b, all] = [vi.fn(), vi.fn(), vi.fn()];
    editor.subscribeTo("a", a);
    editor.subscribeTo("b", b);
    editor.subscribe(all);
    move(editor, 24);
    expect([a, b, all].map((listener) => listener.mock.calls.length)).toEqual([1, 0, 1]);
  });

  it("unselects what somebody deleted, and says so", async () => {
    const { server, editor } = await open();
    editor.select({ nodes: ["a", "b"], edges: ["ab"] });
    editor.receive(server.commit([{ op: "delete_node", id: "a" }], "theirs"));
    expect(editor.notices.get().map(({ message }) => message)).toEqual([expect.stringContaining("deleted")]);
    expect(editor.selection.get()).toEqual({ nodes: new Set(["b"]), edges: new Set() });
  });

  it("adds a component on the grid, at a free place, and selects it", async () => {
    const { editor } = await open();
    const id = editor.add({ module: "common-v1", component: "debug" }, { x: 31, y: 50 });
    expect(editor.graph.nodes.get(id ?? "")).toMatchObject({ x: 24, y: 48, rev: 0 });
    expect(editor.selection.get().nodes).toEqual(new Set([id]));
    editor.centre.set({ x: 100, y: 32 });
    const other = editor.add({ module: "common-v1", component: "debug" });
    expect(editor.graph.nodes.get(other ?? "")?.y).toBeGreaterThan(48 + 64);
  });

  it("says the same thing about the same node once", async () => {
    const { editor } = await open();
    for (let n = 0; n < 3; n++) editor.notify({ code: "x", message: "Broken.", node: "a" });
    for (let n = 0; n < 9; n++) editor.notify({ code: "x", message: `Other ${String(n)}` });
    expect(editor.notices.get()).toHaveLength(6);
  });
});
