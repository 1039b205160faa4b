import { expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import type { Here } from "../core/presence";
import { Cell } from "../core/store";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { Presence } from "../live/presence";
import { Following, type Sight } from "./following";

const BOB: Here = {
  person: "2",
  name: "Bob",
  away: false,
  view: null,
  selection: [],
  form: null,
  cursor: [10, 20],
};

async function following(here: Here) {
  const editor = new Editor(new FakeServer([aNode("a"), aNode("b")]).api, new FakeKeeper());
  await editor.open();
  const presence = new Presence();
  presence.connected("me");
  presence.merge({ me: { ...BOB, person: "1" }, b: here }, true);
  presence.following.set("b");
  const lookAt = vi.fn();
  const made = new Following(presence, editor, new Cell<Sight | null>({ lookAt }), "b");
  return { editor, presence, lookAt, made };
}

it("looks at the pointer of who is followed, wherever it goes, and selects nothing for it", async () => {
  const { editor, presence, lookAt, made } = await following(BOB);
  expect(lookAt).toHaveBeenLastCalledWith({ x: 10, y: 20 });
  presence.merge({ b: { cursor: [500, 600] } }, false);
  expect(lookAt).toHaveBeenLastCalledWith({ x: 500, y: 600 });
  expect(editor.selection.get().nodes.size).toBe(0);
  made.stop();
  presence.merge({ b: { cursor: [1, 1] } }, false);
  expect(lookAt).not.toHaveBeenCalledWith({ x: 1, y: 1 });
});

it("shows what they edit or have selected where they have no pointer, once for each", async () => {
  const { editor, presence } = await following({ ...BOB, cursor: null, selection: ["gone", "a"] });
  expect(editor.revealing.get()).toEqual({ id: "a" });
  editor.revealing.set(null);
  presence.merge({ b: { away: false } }, false);
  expect(editor.revealing.get()).toBeNull();
  presence.merge({ b: { form: { node: "b", pointer: "/path" } } }, false);
  expect(editor.revealing.get()).toEqual({ id: "b" });
});

it("ends when they are gone", async () => {
  const { presence } = await following(BOB);
  presence.merge({ b: null }, false);
  expect(presence.following.get()).toBeNull();
});
