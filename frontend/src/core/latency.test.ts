import { expect, it } from "vitest";
import { latencyBars } from "./latency";

const counts = (at: Record<number, number>) => Array.from({ length: 12 }, (_, n) => at[n] ?? 0);

it("shows the buckets that have something, and one on either side", () => {
  expect(latencyBars(counts({ 3: 5, 4: 1 }))).toEqual([
    { label: "< 1 ms", count: 0 },
    { label: "< 4 ms", count: 5 },
    { label: "< 16 ms", count: 1 },
    { label: "< 66 ms", count: 0 },
  ]);
});

it("has the quickest, and those past all bounds", () => {
  expect(latencyBars(counts({ 0: 2 })).map(({ label }) => label)).toEqual(["< 64 µs", "< 256 µs", "< 1 ms"]);
  expect(latencyBars(counts({ 11: 2 })).at(-1)).toEqual({ label: "> 67 s", count: 2 });
});

it("shows nothing while there was nothing", () => {
  expect(latencyBars([])).toEqual([]);
  expect(latencyBars(counts({}))).toEqual([]);
});
