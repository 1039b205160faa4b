import { expect, it, vi } from "vitest";
import { Refusal, Unreachable } from "../core/errors";
import { CommentHints } from "../live/commentHints";
import { Comments } from "./store";
import { aComment, aThread, FakeComments } from "./testing";

function open(...threads: Parameters<FakeComments["keep"]>[0][]) {
  const server = new FakeComments(...threads);
  const hints = new CommentHints();
  const store = new Comments(server, hints);
  const ids = () => store.listed.get().threads.map(({ id }) => id);
  return { server, hints, store, ids };
}

it("lists threads by who wrote last, and counts the open ones where they are", async () => {
  const resolved = { by: "ada", at: "" };
  const { hints, store, ids } = open(
    aThread("a", { node: "n" }),
    aThread("b", { node: "n" }),
    aThread("c", { edge: "e", resolved }),
    aThread("d"),
  );
  const woken = vi.fn();
  hints.threads.subscribe("n", woken);
  hints.threads.subscribe(
    "e",
    vi.fn(() => expect.unreachable()),
  );
  await store.upTo(4);
  expect(ids()).toEqual(["d", "c", "b", "a"]);
  expect([hints.threads.of("n"), hints.threads.of("e"), hints.open.get()]).toEqual([2, 0, 3]);
  expect(hints.threads.within(() => ["n", "m"])).toBe(2);
  expect(woken).toHaveBeenCalledTimes(1);
  await store.load();
  expect(woken).toHaveBeenCalledTimes(1);
});

it("asks for what is newer once it is told, and not for what it has", async () => {
  const { server, store, ids } = open(aThread("a"));
  await store.upTo(1);
  server.keep(aThread("b"));
  server.keep(aThread("c"));
  await store.upTo(3);
  await store.upTo(2);
  expect(server.asked).toEqual(["threads 0", "threads 1"]);
  expect(ids()).toEqual(["c", "b", "a"]);
});

it("makes good what it missed by the next hint", async () => {
  const { server, store } = open(aThread("a"));
  await store.upTo(1);
  server.keep(aThread("a", { excerpt: "changed" }));
  server.keep(aThread("b"));
  await store.upTo(3);
  expect(store.listed.get().threads.map(({ excerpt }) => excerpt)).toEqual(["b", "changed"]);
});

it("finds out that a thread is gone, and reads all again", async () => {
  const { server, store, ids } = open(aThread("a"), aThread("b"));
  await store.open("a");
  await store.upTo(2);
  server.drop("a");
  server.keep(aThread("c"));
  await store.upTo(server.rev);
  expect(ids()).toEqual(["c", "b"]);
  expect(store.opened.get()?.thread).toBeNull();
});

it("does not ask for ever for more than there is", async () => {
  const { server, store, ids } = open(aThread("a"));
  await store.upTo(9);
  expect(server.asked.length).toBeLessThan(4);
  server.keep(aThread("b"));
  await store.upTo(2);
  expect(ids()).toEqual(["b", "a"]);
});

it("reads an open thread again when somebody answers there", async () => {
  const { server, store } = open(aThread("a"));
  await store.upTo(1);
  await store.open("a");
  await server.reply("a", "x", "Because.");
  await store.upTo(2);
  expect(store.opened.get()?.thread?.comments.map(({ text }) => text)).toEqual(["a-1", "Because."]);
});

it("shows at once what this person writes, changes, resolves and takes back", async () => {
  const { store, ids } = open();
  const id = await store.start(["t", "c"], { node: "n", edge: null }, "Why?");
  expect(store.opened.get()?.thread?.comments[0]?.text).toBe("Why?");
  await store.reply(id, "d", "Hm");
  await store.edit(id, "d", "Because.");
  await store.resolve(id, true);
  expect(store.opened.get()?.thread?.comments.map(({ text }) => text)).toEqual(["Why?", "Because."]);
  expect(store.listed.get().threads[0]?.resolved?.by).toBe("ada");
  await store.remove(id, "d");
  expect(store.opened.get()?.thread?.comments[1]?.deleted).toBe(true);
  expect(ids()).toEqual(["t"]);
});

it("says why it is not up to date, and keeps what it has", async () => {
  const { server, store, ids } = open(aThread("a"));
  await store.upTo(1);
  server.threads = () => Promise.reject(new Unreachable("The server cannot be reached."));
  await store.upTo(2);
  expect([ids(), store.listed.get().failure]).toEqual([["a"], "The server cannot be reached."]);
});

it("lets an answer that was overtaken say nothing", async () => {
  const { server, store } = open(aThread("a"));
  await store.upTo(1);
  await store.open("a");
  const old = await server.thread("a");
  await store.reply("a", "x", "New");
  server.thread = () => Promise.resolve(old);
  await store.open("a");
  expect(store.opened.get()?.thread?.comments).toHaveLength(2);
});

it("tells the server that a thread was looked at, once and only where it matters", async () => {
  const { server, hints, store } = open(aThread("a", { unread: true }), aThread("b"));
  hints.unread.set(3);
  await store.upTo(2);
  await Promise.all([store.seen("a"), store.seen("b")]);
  await store.seen("a");
  expect(server.asked.filter((call) => call.startsWith("seen"))).toEqual(["seen a"]);
  expect(hints.unread.get()).toBe(0);
});

it("passes on why something was refused, and takes what is gone already for taken back", async () => {
  const { server, store } = open(aThread("a", { comments: [aComment("x"), aComment("y")] }));
  server.reply = () => Promise.reject(new Refusal(403, "forbidden", "Your role does not allow this.", {}));
  await expect(store.reply("a", "z", "No")).rejects.toThrow("Your role");
  server.remove = () => Promise.reject(new Refusal(404, "not_found", "It is gone.", {}));
  await store.remove("a", "x");
});
