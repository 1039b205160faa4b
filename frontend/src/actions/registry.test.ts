import { expect, it } from "vitest";
import { ACTIONS, keyFor } from "./registry";

it("names every action once", () => {
  const ids = ACTIONS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  const titles = ACTIONS.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});

it("never gives a key to two actions of which the second could not be reached", () => {
  const taken = new Map<string, string>();
  for (const { id, keys = [], when } of ACTIONS) {
    for (const key of keys) {
      expect(taken.get(key), `${key} is ${taken.get(key) ?? ""}'s, so ${id} is never done`).toBeUndefined();
      if (!when) taken.set(key, id);
    }
  }
});

it("takes no key by which people close, open or leave a tab", () => {
  const browsers = [
    "mod+t",
    "mod+n",
    "mod+w",
    "mod+l",
    "mod+r",
    "mod+p",
    "mod+shift+t",
    "alt+ArrowLeft",
    "F5",
    "Tab",
  ];
  const keys = new Set(ACTIONS.flatMap(({ keys: own = [] }) => own));
  expect(browsers.filter((key) => keys.has(key))).toEqual([]);
});

it("says which key an action has", () => {
  expect(["edit.redo", "arrange.distribute-x", "view.light"].map(keyFor)).toEqual([
    "Ctrl Shift Z",
    "Alt H",
    "",
  ]);
});
