import { describe, expect, it, vi } from "vitest";
import type { Here } from "../core/presence";
import { Presence } from "./presence";

const ADA: Here = {
  person: "1",
  name: "Ada",
  away: false,
  view: null,
  selection: [],
  form: null,
  cursor: null,
};
const BOB: Here = { ...ADA, person: "2", name: "Bob" };

describe("Presence", () => {
  it("is alone with several tabs of one person, and in company with another", () => {
    const presence = new Presence();
    presence.connected("a1");
    presence.merge({ a1: ADA, a2: ADA }, true);
    expect(presence.company.get()).toBe(false);
    presence.merge({ b: BOB }, false);
    expect(presence.company.get()).toBe(true);
    presence.merge({ b: null }, false);
    expect(presence.company.get()).toBe(false);
    expect([...presence.tabs.get().keys()]).toEqual(["a1", "a2"]);
  });

  it("tells of pointers apart: what is drawn by React is not drawn again for them", () => {
    const presence = new Presence();
    presence.connected("a1");
    presence.merge({ a1: ADA, b: BOB }, true);
    const drawn = vi.fn();
    const moved = vi.fn();
    presence.tabs.subscribe(drawn);
    presence.watchCursors(moved);
    presence.merge({ b: { cursor: [3, 4] } }, false);
    expect(presence.cursor("b")).toEqual([3, 4]);
    expect(moved).toHaveBeenCalledExactlyOnceWith("b");
    expect(drawn).not.toHaveBeenCalled();
    presence.merge({ b: { selection: ["n1"] } }, false);
    expect(drawn).toHaveBeenCalledOnce();
    expect(presence.tabs.get().get("b")).toMatchObject({ name: "Bob", selection: ["n1"] });
    presence.merge({ b: null }, false);
    expect(presence.cursor("b")).toBeNull();
  });

  it("starts again from a snapshot: who is not in it is gone, with the pointer", () => {
    const presence = new Presence();
    presence.connected("a1");
    presence.merge({ a1: ADA, b: { ...BOB, cursor: [1, 2] } }, true);
    const moved = vi.fn();
    presence.watchCursors(moved);
    presence.merge({ a1: ADA }, true);
    expect(moved).toHaveBeenCalledWith("b");
    expect(presence.cursor("b")).toBeNull();
    expect(presence.company.get()).toBe(false);
  });
});
