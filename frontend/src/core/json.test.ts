import { describe, expect, it } from "vitest";
import { getAt, setAt } from "./json";

describe("paths into settings", () => {
  it("reads through objects and arrays", () => {
    expect(getAt({ a: [{ b: 1 }] }, ["a", 0, "b"])).toBe(1);
    expect(getAt({ a: [{ b: 1 }] }, ["a", "0"])).toBeUndefined();
    expect(getAt({}, ["toString"])).toBeUndefined();
  });

  it("shares what lies beside the path", () => {
    const before = { a: { x: 1 }, b: { y: 1 } };
    const after = setAt(before, ["a", "x"], 2) as typeof before;
    expect(after).toEqual({ a: { x: 2 }, b: { y: 1 } });
    expect(after.b).toBe(before.b);
  });

  it("removes array entries and fields", () => {
    expect(setAt({ a: [1, 2, 3] }, ["a", 1], undefined)).toEqual({ a: [1, 3] });
    expect(setAt({ a: 1, b: 2 }, ["a"], undefined)).toEqual({ b: 2 });
  });

  it("keeps a field called __proto__ a field", () => {
    const made = setAt({}, ["__proto__", "polluted"], true) as object;
    expect(Object.keys(made)).toEqual(["__proto__"]);
    expect("polluted" in {}).toBe(false);
  });
});
