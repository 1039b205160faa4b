import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Here, Said } from "../core/presence";
import { Presence } from "../live/presence";
import { CROWD_PACE_MS, PACE_MS, Telling } from "./telling";

const HERE: Here = {
  person: "1",
  name: "Ada",
  away: false,
  view: null,
  selection: [],
  form: null,
  cursor: null,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function telling() {
  const presence = new Presence();
  const said: Said[] = [];
  presence.say = (one) => said.push(one);
  presence.connected("me");
  const made = new Telling(presence);
  made.start();
  return { presence, said, telling: made };
}

describe("Telling", () => {
  it("says all at first, then only what is another", () => {
    const { said, telling: it } = telling();
    it.set({ selection: ["n1"] });
    vi.advanceTimersByTime(1);
    expect(said).toEqual([{ cursor: null, selection: ["n1"], form: null, view: null, follow: null }]);
    it.set({ cursor: [1, 2], selection: ["n1"] });
    vi.advanceTimersByTime(PACE_MS);
    expect(said[1]).toEqual({ cursor: [1, 2] });
    it.set({ cursor: [1, 2] });
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(2);
  });

  it("says the newest of a pointer that moves, twelve times a second and four times among many", () => {
    const { presence, said, telling: it } = telling();
    const move = (): void => {
      for (let ms = 0; ms < 1000; ms += 5) {
        it.set({ cursor: [ms, 0] });
        vi.advanceTimersByTime(5);
      }
    };
    move();
    expect(said.length).toBeGreaterThan(10);
    expect(said.length).toBeLessThanOrEqual(1000 / PACE_MS + 1);
    vi.advanceTimersByTime(PACE_MS);
    expect(said.at(-1)?.cursor).toEqual([995, 0]);
    const tabs = Array.from({ length: 40 }, (_, number) => [`t${String(number)}`, HERE] as const);
    presence.merge(Object.fromEntries(tabs), true);
    said.length = 0;
    move();
    expect(said.length).toBeLessThanOrEqual(1000 / CROWD_PACE_MS + 1);
    it.stop();
  });

  it("says nothing while the tab is hidden, and all of it when it is looked at again", () => {
    const { said, telling: it } = telling();
    it.set({ selection: ["n1"] });
    vi.advanceTimersByTime(1);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    it.set({ cursor: [5, 5] });
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(1);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    vi.advanceTimersByTime(PACE_MS);
    expect(said[1]).toMatchObject({ cursor: [5, 5], selection: ["n1"] });
    it.stop();
  });

  it("says all again on a new connection, and no more of a selection than is taken", () => {
    const { presence, said, telling: it } = telling();
    it.set({ selection: Array.from({ length: 500 }, (_, number) => `n${String(number)}`) });
    vi.advanceTimersByTime(1);
    presence.connected("another");
    vi.advanceTimersByTime(PACE_MS);
    expect(said).toHaveLength(2);
    expect(said[1]?.selection).toHaveLength(20);
    it.stop();
    presence.connected("third");
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(2);
  });
});
