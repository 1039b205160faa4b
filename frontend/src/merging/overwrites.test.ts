import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Editor } from "../core/editor";
import { aGroup, aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import type { Change, Op } from "../core/types";
import { Overwrites } from "./overwrites";
import { elsewhere, met, showAtField, type Met } from "./store";

const GRACE = { by: { id: 2, name: "grace" } };
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const set = (id: string, value: number, ...path: string[]): Op => ({ op: "set_setting", id, path, value });
const named = (id: string, label: string): Op => ({ op: "set_node", id, fields: { label } });

let server: FakeServer;
let editor: Editor;
let clock: number;
let watching: Overwrites;

beforeEach(async () => {
  const settings = { path: 0, deep: { one: 0, two: 0 } };
  server = new FakeServer(
    [aNode("a", { settings }), aNode("b")],
    [anEdge("ab", "a", "b", { mapping: { one: 0, two: 0 } })],
  );
  server.document.groups.push(aGroup("g"));
  editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  clock = 1_000_000;
  watching = new Overwrites(editor, "me", () => clock);
  editor.watchedBy(watching);
});
afterEach(() => {
  watching.keepTheirs([...met.get().keys()]);
});

async function mine(...ops: Op[]): Promise<void> {
  editor.apply(ops, { label: "Edit" });
  await settle();
}

function theirs(ops: Op[], more: Partial<Change> = GRACE): void {
  editor.receive(server.commit(ops, `theirs-${String(server.log.length)}`, more));
}

const told = (): Met[] => [...met.get().values()];
const keys = (): string[] => [...met.get().keys()];

describe("who wrote first", () => {
  it("is told who wrote over it, and what", async () => {
    await mine(set("a", 1, "path"));
    theirs([set("a", 2, "path")]);
    expect(told()).toEqual([
      {
        ...{ kind: "changed", key: "settings:a/path", what: "path of a", by: "grace" },
        ...{ mine: 1, theirs: 2, node: "a" },
      },
    ]);
    expect(editor.graph.nodes.get("a")).toMatchObject({ settings: { path: 2 } });
  });

  it("takes it back by a new operation, which is this person's newest step", async () => {
    await mine(set("a", 1, "path"));
    theirs([set("a", 2, "path")]);
    watching.takeBack(keys());
    expect(told()).toEqual([]);
    await settle();
    expect(server.received.at(-1)?.ops).toEqual([set("a", 1, "path")]);
    expect(editor.history.get().undo).toBe("Take back path of a");
  });

  it("is not told of it again after keeping theirs", async () => {
    await mine(set("a", 1, "path"));
    theirs([set("a", 2, "path")]);
    watching.keepTheirs(keys());
    theirs([set("a", 3, "path")]);
    expect(told()).toEqual([]);
  });

  it.each([
    ["a name", named("a", "mine"), named("a", "theirs"), "node:a/label"],
    [
      "a place",
      { op: "set_node", id: "a", fields: { x: 9 } },
      { op: "set_node", id: "a", fields: { y: 9 } },
      "node:a/place",
    ],
    [
      "a group's name",
      { op: "set_group", id: "g", fields: { name: "mine" } },
      { op: "set_group", id: "g", fields: { name: "theirs" } },
      "group:g/name",
    ],
    ["a part of what they set", set("a", 1, "deep", "one"), set("a", 5, "deep"), "settings:a/deep/one"],
    [
      "the whole of which they set a part",
      set("a", 1, "deep"),
      set("a", 5, "deep", "one"),
      "settings:a/deep",
    ],
  ] as [string, Op, Op, string][])("is told of %s", async (_, own, other, key) => {
    await mine(own);
    theirs([other]);
    expect(keys()).toEqual([key]);
  });

  it("is told of that field of a mapping alone which both wrote", async () => {
    const map = (one: number, two: number): Op => ({ op: "set_mapping", id: "ab", mapping: { one, two } });
    await mine(map(1, 0));
    theirs([map(1, 2)]);
    expect(told()).toEqual([]);
    theirs([map(3, 2)]);
    expect(told()).toMatchObject([{ key: "mapping:ab/one", mine: 1, theirs: 3, edge: "ab" }]);
    watching.takeBack(keys());
    await settle();
    expect(server.received.at(-1)?.ops).toEqual([map(1, 2)]);
  });
});

describe("nobody is told", () => {
  it("of a field that only the other wrote", async () => {
    await mine(set("a", 1, "path"));
    theirs([set("a", 2, "other"), named("a", "x"), set("b", 2, "path")]);
    expect(told()).toEqual([]);
  });

  it("who is the later: what waits here will stand", async () => {
    await mine(set("a", 1, "path"));
    server.down = true;
    await mine(set("a", 2, "path"));
    theirs([set("a", 3, "path")]);
    expect(told()).toEqual([]);
  });

  it("of the same value, nor any more once it is there again", async () => {
    await mine(set("a", 1, "path"));
    theirs([set("a", 1, "path")]);
    expect(told()).toEqual([]);
    theirs([set("a", 2, "path")]);
    expect(keys()).toEqual(["settings:a/path"]);
    theirs([set("a", 1, "path")]);
    expect(told()).toEqual([]);
  });

  it("of what was written long ago, by the same person elsewhere, or written anew", async () => {
    await mine(set("a", 1, "path"));
    clock += 6 * 60_000;
    theirs([set("a", 2, "path")]);
    await mine(set("a", 3, "path"));
    theirs([set("a", 4, "path")], { by: { id: 1, name: "me" } });
    expect(told()).toEqual([]);
    await mine(set("a", 5, "path"));
    theirs([set("a", 6, "path")]);
    expect(told()).toHaveLength(1);
    editor.apply([set("a", 7, "path")], { label: "Again" });
    expect(told()).toEqual([]);
  });

  it("of what their own undo has taken back", async () => {
    await mine(set("a", 1, "path"));
    const undone = server.commit([set("a", 0, "path")], "undo", { undoes: 2 });
    server.next(undone);
    editor.undo();
    await settle();
    expect(editor.graph.nodes.get("a")).toMatchObject({ settings: { path: 0 } });
    theirs([set("a", 2, "path")]);
    expect(told()).toEqual([]);
  });
});

describe("what was deleted", () => {
  it("is told to whoever had just worked on it, without its wires, and comes back by an undo", async () => {
    await mine(named("a", "Mine"));
    theirs([
      { op: "delete_edge", id: "ab" },
      { op: "delete_node", id: "a" },
    ]);
    expect(told()).toMatchObject([{ kind: "deleted", key: "a", what: "Mine", by: "grace", change: 3 }]);
    watching.takeBack(keys());
    await settle();
    expect(server.received.at(-1)).toMatchObject({ undo: 3 });
    expect(told()).toEqual([]);
  });

  it("is no news to who had nothing to do with it", async () => {
    await mine(named("b", "Mine"));
    theirs([{ op: "delete_node", id: "a" }]);
    expect(told()).toEqual([]);
  });

  it("takes what was told of its fields along", async () => {
    await mine(set("a", 1, "path"));
    theirs([set("a", 2, "path")]);
    theirs([{ op: "delete_node", id: "a" }]);
    expect(told().map(({ kind }) => kind)).toEqual(["deleted"]);
  });
});

it("is said at its field while that is open, else by the notice", async () => {
  const close = showAtField("settings:a/path");
  await mine(set("a", 1, "path"), named("a", "mine"));
  theirs([set("a", 2, "path"), named("a", "theirs")]);
  expect(elsewhere(met.get()).map(({ key }) => key)).toEqual(["node:a/label"]);
  close();
  expect(elsewhere(met.get())).toHaveLength(2);
});
