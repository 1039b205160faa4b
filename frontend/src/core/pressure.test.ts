import { expect, it } from "vitest";
import { pressureOf, pressureText } from "./pressure";

it.each([
  [undefined, "none"],
  [{ rate: 5000, in_flight: 40 }, "none"],
  [{ in_flight: 40, queued: null }, "none"],
  [{ in_flight: 40, queued: 12 }, "high"],
  [{ in_flight: 300 }, "high"],
  [{ in_flight: 900, queued: 700 }, "full"],
  [{ in_flight: 1500 }, "full"],
] as const)("%j is pressed: %s", (live, pressure) => {
  expect(pressureOf(live)).toBe(pressure);
});

it("says what waits before what is under way", () => {
  expect(pressureText({ in_flight: 9000, queued: 8100 })).toBe("queue 8.1k");
  expect(pressureText({ in_flight: 300, queued: 2 })).toBe("300 under way");
});
