import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal } from "./errors";
import { History } from "./history";
import { MAX_PENDING } from "./pending";
import { Sync } from "./sync";
import { aNode, anEdge, deferred, FakeServer } from "./testing";
import type { Op } from "./types";

const moveTo = (id: string, x: number): Op => ({ op: "set_node", id, fields: { x } });

async function open(server = new FakeServer([aNode("a"), aNode("b")], [anEdge("ab", "a", "b")])) {
  const history = new History();
  const refused = vi.fn();
  const changed = vi.fn();
  const sync = new Sync(server.api, {
    changed,
    queued: () => undefined,
    accepted: (entry, { rev }) => history.setRev(entry.id, rev),
    refused,
    confirmed: () => undefined,
    loaded: () => undefined,
    revOf: (id) => history.revOf(id),
  });
  await sync.load();
  const x = (id: string) => sync.graph.nodes.get(id)?.x;
  return { server, sync, refused, changed, x };
}

/** What is done now is done in another frame than before. */
const nextFrame = () => vi.setSystemTime(Date.now() + 20);
/** Lets everything that is due now happen. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("edits on their way", () => {
  it("are seen at once and sent in order, one batch at a time", async () => {
    const { server, sync, x } = await open();
    const first = deferred();
    server.next(first.promise);
    sync.push([moveTo("a", 1)], { label: "Move" });
    await settle();
    sync.push([moveTo("a", 2)], { label: "Move" });
    expect([x("a"), sync.state.get().pending]).toEqual([2, 2]);
    await settle();
    expect(server.received).toHaveLength(1);
    first.resolve();
    await settle();
    expect(server.received.map(({ ops }) => ops)).toEqual([[moveTo("a", 1)], [moveTo("a", 2)]]);
    expect([x("a"), sync.state.get().pending, sync.graph.nodes.get("a")?.rev]).toEqual([2, 0, 3]);
  });

  it("stay on top of what others did meanwhile", async () => {
    const { server, sync, x } = await open();
    server.down = true;
    sync.push([moveTo("a", 5)], { label: "Move" });
    await settle();
    sync.receive(server.commit([moveTo("a", 1), moveTo("b", 7)], "theirs"));
    expect([x("a"), x("b")]).toEqual([5, 7]);
  });

  it("are taken back when refused, and the rest is sent without them", async () => {
    const { server, sync, refused, x } = await open();
    server.next(new Refusal(409, "deleted", "Grace deleted it.", { by: "Grace" }));
    sync.push([moveTo("a", 1)], { label: "Move" });
    nextFrame();
    sync.push([moveTo("b", 2)], { label: "Move" });
    await settle();
    expect(refused).toHaveBeenCalledWith(
      expect.objectContaining({ ops: [moveTo("a", 1)] }),
      expect.any(Refusal),
      undefined,
      undefined,
    );
    expect([x("a"), x("b"), sync.state.get().pending]).toEqual([0, 2, 0]);
  });

  it("bring a node and its wires back when the deletion is refused", async () => {
    const { server, sync, changed } = await open();
    server.next(new Refusal(403, "forbidden", "No."));
    sync.push([{ op: "delete_node", id: "a" }], { label: "Delete" });
    expect(sync.graph.edges.size).toBe(0);
    changed.mockClear();
    await settle();
    expect([...sync.graph.edges.keys()]).toEqual(["ab"]);
    expect(changed).toHaveBeenCalledWith(new Set(["a", "ab"]));
  });

  it("are confirmed by the stream when it is faster than the answer", async () => {
    const { server, sync } = await open();
    const slow = deferred();
    server.next(slow.promise);
    const [entry] = sync.push([moveTo("a", 1)], { label: "Move" }) ?? [];
    await settle();
    sync.receive(server.commit([moveTo("a", 1)], entry?.id ?? ""));
    expect(sync.state.get().pending).toBe(0);
    slow.resolve();
    await settle();
    expect([sync.state.get().pending, sync.rev]).toEqual([0, 2]);
  });

  it("wait for the changes before them when the answer is ahead of the stream", async () => {
    const { server, sync, x } = await open();
    server.commit([moveTo("b", 9)], "theirs, lost on the way");
    sync.push([moveTo("a", 1)], { label: "Move" });
    await settle();
    expect([sync.rev, x("a"), x("b"), sync.state.get().pending]).toEqual([3, 1, 9, 0]);
  });

  it("are kept while the server is away and sent under the same id when it is back", async () => {
    const { server, sync, x } = await open();
    server.next(new Error("answer lost"));
    sync.push([moveTo("a", 1)], { label: "Move" });
    await settle();
    expect(sync.state.get()).toEqual({ pending: 1, stalled: true, signedOut: false });
    server.down = true;
    await vi.advanceTimersByTimeAsync(60_000);
    server.down = false;
    sync.retryNow();
    await settle();
    expect(new Set(server.received.map(({ id }) => id)).size).toBe(1);
    expect([x("a"), sync.state.get().pending, sync.state.get().stalled]).toEqual([1, 0, false]);
  });

  it("stop counting as kept when the stream confirms the one whose answer was lost", async () => {
    const { server, sync } = await open();
    server.next(new Error("answer lost"));
    sync.push([moveTo("a", 1)], { label: "Move" });
    await settle();
    const [entry] = sync.pending();
    sync.receive(server.commit([moveTo("a", 1)], entry?.id ?? ""));
    await settle();
    expect(sync.state.get()).toEqual({ pending: 0, stalled: false, signedOut: false });
  });

  it("are kept while signed out", async () => {
    const { server, sync, refused } = await open();
    server.next(new Refusal(401, "signed_out", "Sign in."));
    sync.push([moveTo("a", 1)], { label: "Move" });
    await settle();
    expect(sync.state.get()).toEqual({ pending: 1, stalled: true, signedOut: true });
    expect(refused).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sync.state.get()).toEqual({ pending: 0, stalled: false, signedOut: false });
  });

  it("merge while they wait, when they belong to one gesture", async () => {
    const { server, sync } = await open();
    const slow = deferred();
    server.next(slow.promise);
    const type = (value: string): Op => ({ op: "set_setting", id: "a", path: ["name"], value });
    sync.push([type("a")], { label: "Type", merge: "a/name" });
    await settle();
    for (const text of ["ab", "abc", "abcd"]) sync.push([type(text)], { label: "Type", merge: "a/name" });
    slow.resolve();
    await settle();
    expect(server.received.map(({ ops }) => ops)).toEqual([[type("a")], [type("abcd")]]);
  });

  it("of one frame travel together, of each field the last, and are one step", async () => {
    const { server, sync } = await open();
    const set = (key: string, value: number): Op => ({ op: "set_setting", id: "a", path: [key], value });
    const [entry] = sync.push([set("one", 1)], { label: "Set one" }) ?? [];
    expect(sync.push([set("two", 2)], { label: "Set two" })).toEqual([]);
    expect(sync.push([set("one", 3)], { label: "Set one" })).toEqual([]);
    await settle();
    expect(server.received).toMatchObject([{ id: entry?.id, ops: [set("two", 2), set("one", 3)] }]);
    nextFrame();
    sync.push([{ op: "delete_edge", id: "ab" }], { label: "Delete" });
    sync.push([moveTo("a", 1)], { label: "Move" });
    await settle();
    expect(server.received[1]?.ops?.map(({ op }) => op)).toEqual(["delete_edge", "set_node"]);
  });

  it("go on without what met another's deletion, and so do those behind them", async () => {
    const { server, sync, refused, x } = await open();
    const gone = { by: "Grace", thing: "a", change: 2, op: 0 };
    server.next(new Refusal(409, "node_deleted", "Grace deleted it.", gone));
    sync.push([moveTo("a", 1), moveTo("b", 1)], { label: "Move 2 nodes" });
    nextFrame();
    sync.push([moveTo("b", 2)], { label: "Move" });
    await settle();
    expect(server.received.map(({ ops }) => ops)).toEqual([
      [moveTo("a", 1), moveTo("b", 1)],
      [moveTo("b", 1)],
      [moveTo("b", 2)],
    ]);
    expect(new Set(server.received.map(({ id }) => id)).size).toBe(3);
    expect(refused.mock.calls[0]?.[3]).toEqual([moveTo("a", 1)]);
    expect([x("a"), x("b"), sync.state.get().pending]).toEqual([0, 2, 0]);
  });

  it("are split at the server's limit, and refused past our own", async () => {
    const { server, sync } = await open();
    sync.push(
      Array.from({ length: 1001 }, () => moveTo("a", 1)),
      { label: "Move" },
    );
    await settle();
    expect(server.received.map(({ ops }) => ops?.length)).toEqual([500, 500, 1]);
    server.down = true;
    for (let n = 0; n < MAX_PENDING; n++) {
      nextFrame();
      sync.push([moveTo("a", n)], { label: "Move" });
    }
    nextFrame();
    expect(sync.push([moveTo("a", 1)], { label: "Move" })).toBeNull();
  });

  it("are sent after a reload of the page, and applied once", async () => {
    const { server, sync } = await open();
    const lost = server.commit([moveTo("a", 1)], "kept");
    const again = await open(server);
    again.sync.restore([
      {
        kind: "batch",
        id: "kept",
        label: "Move",
        group: "g",
        at: 0,
        ops: lost.ops,
        phase: "sending",
        tried: true,
      },
    ]);
    again.sync.retryNow();
    await settle();
    expect([again.x("a"), again.sync.state.get().pending, server.log.length]).toEqual([1, 0, 1]);
    sync.close();
  });
});

describe("the stream of changes", () => {
  it("fetches what is missing", async () => {
    const { server, sync, x } = await open();
    server.commit([moveTo("a", 1)], "lost");
    sync.receive(server.commit([moveTo("b", 2)], "came"));
    await settle();
    expect([sync.rev, x("a"), x("b")]).toEqual([3, 1, 2]);
  });

  it("fetches what was missed while away", async () => {
    const { server, sync, x } = await open();
    server.commit([moveTo("a", 1)], "missed");
    sync.expect(2);
    await settle();
    expect(x("a")).toBe(1);
  });

  it("reads the flow again when the log was trimmed", async () => {
    const { server, sync, x } = await open();
    server.commit([moveTo("a", 1)], "trimmed");
    server.api.changes = () => Promise.reject(new Refusal(410, "trimmed", "Reload."));
    sync.expect(2);
    await settle();
    expect([sync.rev, x("a")]).toEqual([2, 1]);
  });

  it("reads the flow again when the log does not lead on", async () => {
    const { server, sync, x } = await open();
    server.commit([moveTo("a", 1)], "lost");
    const came = server.commit([moveTo("b", 2)], "came");
    server.log = [came];
    sync.receive(came);
    await settle();
    expect([sync.rev, x("a"), x("b")]).toEqual([3, 1, 2]);
  });

  it("tries again when reading failed", async () => {
    const { server, sync, x } = await open();
    server.commit([moveTo("a", 1)], "missed");
    server.down = true;
    sync.expect(2);
    await settle();
    expect(sync.state.get().stalled).toBe(true);
    server.down = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect([x("a"), sync.state.get().stalled]).toEqual([1, false]);
  });
});
