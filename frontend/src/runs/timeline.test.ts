import { describe, expect, it } from "vitest";
import { aRun, aSpan } from "./testRuns";
import { moved, ticks, tickText, timelineRows, wholeOf, zoomed } from "./timeline";

describe("timelineRows", () => {
  it("puts every hop below the one that sent it, in the order in which they set out", () => {
    const rows = timelineRows([
      aSpan("1", null, 0, 10),
      aSpan("3", "1", 6, 2),
      aSpan("2", "1", 1, 3),
      aSpan("4", "2", 2, 1),
    ]);
    expect(rows.map(({ span, depth }) => `${span.id}@${String(depth)}`)).toEqual([
      "1@0",
      "2@1",
      "4@2",
      "3@1",
    ]);
  });

  it("knows what a node took itself, however what is behind it overlaps", () => {
    const [first] = timelineRows([aSpan("1", null, 0, 10), aSpan("2", "1", 1, 4), aSpan("3", "1", 3, 4)]);
    expect(first?.own).toBe(4);
    expect(timelineRows([aSpan("1", null, 0, null)])[0]?.own).toBeNull();
  });

  it("begins anew where nobody remembers the sender, and ends in a circle", () => {
    const rows = timelineRows([aSpan("2", "forgotten", 0, 1), aSpan("a", "b", 1, 1), aSpan("b", "a", 1, 1)]);
    expect(rows.map(({ span }) => span.id)).toEqual(["2"]);
  });
});

describe("the part that is drawn", () => {
  it("is as long as the run, whatever is known of its end", () => {
    expect(wholeOf(aRun([aSpan("1", null, 0, 4)], { duration_ms: null }))).toBe(4);
    expect(wholeOf(aRun([]))).toBeGreaterThan(0);
  });

  it("zooms about a place and stays within the run", () => {
    const half = zoomed({ from: 0, to: 100 }, 0.5, 40, 100);
    expect(half).toEqual({ from: 20, to: 70 });
    expect(zoomed(half, 100, 40, 100)).toEqual({ from: 0, to: 100 });
    expect(moved(half, 5, 100)).toEqual({ from: 50, to: 100 });
    expect(moved(half, -5, 100)).toEqual({ from: 0, to: 50 });
  });

  it("has a few round times on it", () => {
    expect(ticks({ from: 0, to: 10 })).toEqual([0, 5, 10]);
    expect(ticks({ from: 3, to: 4 }).length).toBeGreaterThan(2);
    const texts = (from: number, to: number) => ticks({ from, to }).map((at) => tickText(at, { from, to }));
    expect(texts(0, 0.2)).toEqual(["0 µs", "50 µs", "100 µs", "150 µs", "200 µs"]);
    expect(texts(0, 16)).toEqual(["0 ms", "5 ms", "10 ms", "15 ms"]);
    expect(new Set(texts(1200, 1201)).size).toBe(texts(1200, 1201).length);
  });
});
