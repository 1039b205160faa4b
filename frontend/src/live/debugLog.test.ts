import { describe, expect, it, vi } from "vitest";
import type { TapRow } from "../core/types";
import { DebugLog, PIN_LIMIT, ROW_LIMIT } from "./debugLog";
import { Taps, TAP_LIMIT } from "./taps";

const row = (n: number): TapRow => ({ node: "a", port: "out", at: n, message: { n }, host: "h" });
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => row(from + at));

function open() {
  const due: (() => void)[] = [];
  const log = new DebugLog((run) => due.push(run));
  return { log, paint: () => due.splice(0).forEach((run) => run()), due };
}

describe("DebugLog", () => {
  it("wakes once per frame and keeps the newest thousand", () => {
    const { log, paint, due } = open();
    const woken = vi.fn();
    log.subscribe(woken);
    for (let n = 0; n < 30; n += 1) log.add(rows(n * 100, n * 100 + 100), 1);
    expect([due.length, woken.mock.calls.length]).toEqual([1, 0]);
    paint();
    const { rows: kept, lost } = log.get();
    expect([kept.length, kept[0]?.at, kept.at(-1)?.at, lost]).toEqual([ROW_LIMIT, 2000, 2999, 30]);
    expect(woken).toHaveBeenCalledTimes(1);
  });

  it("stands still while it is paused, and goes on with what came", () => {
    const { log, paint } = open();
    log.add(rows(0, 2), 0);
    paint();
    log.pause(true);
    const before = log.get().rows;
    log.add(rows(2, 5), 0);
    paint();
    expect(log.get().rows).toBe(before);
    expect(log.get().held).toBe(3);
    log.pause(false);
    expect([log.get().rows.length, log.get().held]).toEqual([5, 0]);
  });

  it("keeps what is pinned though everything else is cleared, so many at most", () => {
    const { log, paint } = open();
    log.add(rows(0, 100), 0);
    paint();
    for (const one of log.get().rows) log.pin(one, true);
    log.clear();
    const { rows: left, pinned } = log.get();
    expect([left.length, pinned.length]).toEqual([0, PIN_LIMIT]);
    const [first] = pinned;
    if (first) log.pin(first, false);
    expect(log.get().pinned).not.toContain(first);
  });
});

describe("Taps", () => {
  it("watches a port once, and no more than the server listens to", () => {
    const taps = new Taps((run) => run());
    taps.watch(
      [
        ["a", "out"],
        ["a", "out"],
      ].slice(0, 1) as [string, string][],
    );
    taps.watch([["a", "out"]]);
    expect(taps.watched.get()).toEqual([["a", "out"]]);
    taps.watch(Array.from({ length: TAP_LIMIT }, (_, n) => [`n${String(n)}`, "in"] as const));
    expect(taps.watched.get()).toHaveLength(TAP_LIMIT);
    expect(taps.isWatched("a", "out")).toBe(false);
    taps.unwatch("n3", "in");
    expect(taps.isWatched("n3", "in")).toBe(false);
  });

  it("tells the server only when it wants something else", () => {
    const taps = new Taps((run) => run());
    const told = vi.fn();
    taps.wanted.subscribe(told);
    taps.want([]);
    taps.want([["a", "out"]]);
    taps.want([["a", "out"]]);
    expect(told).toHaveBeenCalledTimes(1);
  });
});
