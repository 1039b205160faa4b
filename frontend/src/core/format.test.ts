import { expect, it } from "vitest";
import { count, durationText, rateText, shortNumber } from "./format";

it("counts things in words, large numbers in groups", () => {
  expect([count(1, "wire"), count(0, "wire"), count(10_000, "node")]).toEqual([
    "1 wire",
    "0 wires",
    "10,000 nodes",
  ]);
});

it("writes numbers short", () => {
  expect([0, 0.2, 9.96, 12.4, 999, 999.7, 1234, 8100, 999_600, 3_400_000].map(shortNumber)).toEqual([
    "0",
    "0.2",
    "10",
    "12",
    "999",
    "1k",
    "1.2k",
    "8.1k",
    "1M",
    "3.4M",
  ]);
});

it("writes rates and durations with their unit", () => {
  expect([rateText(12), rateText(0.2)]).toEqual(["12/s", "0.2/s"]);
  expect([0, 0.03, 0.4, 14.4, 999, 2100].map(durationText)).toEqual([
    "0 ms",
    "<0.1 ms",
    "0.4 ms",
    "14 ms",
    "999 ms",
    "2.1 s",
  ]);
});
