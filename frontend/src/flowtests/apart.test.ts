import { expect, it } from "vitest";
import { apart } from "./apart";

it("shows short values whole, and nothing as nothing", () => {
  expect(apart({ a: 1 }, [2])).toEqual(['{"a":1}', "[2]"]);
  expect(apart("x", undefined)).toEqual(['"x"', null]);
});

it("shows long values from where they part, with a little of what is before", () => {
  const same = "x".repeat(1_000);
  const [expected, came] = apart(`${same}left${same}`, `${same}right`);
  expect(expected.startsWith("…xxx")).toBe(true);
  expect(expected).toContain("xleftx");
  expect(expected.endsWith("…")).toBe(true);
  expect(came).toMatch(/^…x{40}right"$/);
  expect(expected.length).toBeLessThan(400);
});
