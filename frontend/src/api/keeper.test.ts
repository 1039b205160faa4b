import { beforeEach, describe, expect, it } from "vitest";

import type { Kept } from "../core/editor";
import type { BatchEntry } from "../core/pending";
import { flowKeeper } from "./keeper";

/** The locks of one browser; `end` is what it does when a page goes. */
class Locks {
  private readonly held = new Set<string>();
  page(): { locks: LockManager; end: () => void } {
    const own = new Set<string>();
    const request = async (name: string, _: unknown, held: (lock: Lock | null) => unknown): Promise<void> => {
      if (this.held.has(name)) {
        await held(null);
        return;
      }
      this.held.add(name);
      own.add(name);
      await held({ name, mode: "exclusive" });
      this.held.delete(name);
    };
    return {
      locks: { request } as unknown as LockManager,
      end: () => own.forEach((name) => this.held.delete(name)),
    };
  }
}

const entry = (id: string, at = Date.now()): BatchEntry => ({
  ...{ kind: "batch", id, at, label: "Move", group: id, phase: "waiting", tried: false },
  ops: [{ op: "set_node", id: "a", fields: { x: 1 } }],
});
const kept = (...entries: BatchEntry[]): Kept => ({
  entries,
  history: { undo: entries.map(({ id }) => ({ id, label: "Move", group: id })), redo: [], revs: [] },
});
const ids = (found: Kept | null) => found?.entries.map(({ id }) => id);

let browser: Locks;

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  browser = new Locks();
});

/** A page of another tab: the session's storage is its own. */
function inOtherTab(): void {
  sessionStorage.clear();
}

describe("unsent edits", () => {
  it("survive a reload, with the history", async () => {
    const first = browser.page();
    const keeper = flowKeeper("f", "ada", first.locks);
    expect(await keeper.load()).toBeNull();
    keeper.save(kept(entry("one")));
    first.end();
    const found = await flowKeeper("f", "ada", browser.page().locks).load();
    expect(ids(found)).toEqual(["one"]);
    expect(found?.history.undo).toHaveLength(1);
    expect(found?.adopted).toBe(0);
  });

  it("of a tab that is gone are sent by the next page, once, and without its history", async () => {
    const first = browser.page();
    const keeper = flowKeeper("f", "ada", first.locks);
    await keeper.load();
    keeper.save(kept(entry("one"), entry("two")));
    first.end();
    inOtherTab();
    const found = await flowKeeper("f", "ada", browser.page().locks).load();
    expect([ids(found), found?.adopted, found?.history.undo]).toEqual([["one", "two"], 2, []]);
    inOtherTab();
    expect(await flowKeeper("f", "ada", browser.page().locks).load()).toBeNull();
  });

  it("of a tab that lives stay its own, also where the tab was copied", async () => {
    const keeper = flowKeeper("f", "ada", browser.page().locks);
    await keeper.load();
    keeper.save(kept(entry("one")));
    // What a copied tab starts with is the session of the first.
    const copy = await flowKeeper("f", "ada", browser.page().locks).load();
    expect(ids(copy)).toEqual([]);
    inOtherTab();
    expect(await flowKeeper("f", "ada", browser.page().locks).load()).toBeNull();
  });

  it("are sent by nobody else, for no other flow, and not after a week", async () => {
    const first = browser.page();
    const keeper = flowKeeper("f", "ada", first.locks);
    await keeper.load();
    keeper.save(kept(entry("old", Date.now() - 8 * 24 * 3_600_000)));
    first.end();
    inOtherTab();
    expect(await flowKeeper("f", "grace", browser.page().locks).load()).toBeNull();
    inOtherTab();
    expect(await flowKeeper("g", "ada", browser.page().locks).load()).toBeNull();
    inOtherTab();
    expect(await flowKeeper("f", "ada", browser.page().locks).load()).toBeNull();
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it("leave nothing behind once they are sent, and stay in the tab without locks", async () => {
    const keeper = flowKeeper("f", "ada", browser.page().locks);
    await keeper.load();
    keeper.save(kept(entry("one")));
    keeper.save(kept());
    expect(Object.keys(localStorage)).toEqual([]);
    const plain = flowKeeper("g", "ada", undefined);
    expect(plain.outlives).toBe(false);
    plain.save(kept(entry("one")));
    expect(Object.keys(localStorage)).toEqual([]);
    expect(ids(await plain.load())).toEqual(["one"]);
  });
});
