import { describe, expect, it, vi } from "vitest";

import type { Path } from "../schema/types";
import { Drafts, type Draft } from "./drafts";

const draft = (path: Path, text: string): Draft => ({ phase: "typing", path, text, errors: [] });

describe("drafts", () => {
  it("belong to one field of one form", () => {
    const drafts = new Drafts();
    drafts.write("one", draft(["a"], "typed"));
    expect(drafts.read("one", ["a"])?.text).toBe("typed");
    expect(drafts.read("two", ["a"])).toBeUndefined();
    expect(drafts.read("one", ["b"])).toBeUndefined();
  });

  it("tell their listeners of every change", () => {
    const drafts = new Drafts();
    const listener = vi.fn();
    const stop = drafts.subscribe(listener);
    const before = drafts.version();
    drafts.write("one", draft(["a"], "x"));
    drafts.drop("one", ["a"]);
    drafts.drop("one", ["a"]);
    stop();
    drafts.write("one", draft(["a"], "y"));
    expect(listener).toHaveBeenCalledTimes(2);
    expect(drafts.version()).not.toBe(before);
  });

  it("travel with their item when a list changes, and go with one that is removed", () => {
    const drafts = new Drafts();
    drafts.write("f", draft(["list", 0, "name"], "first"));
    drafts.write("f", draft(["list", 2, "name"], "third"));
    drafts.rename("f", ["list"], (index) => (index === 0 ? null : Number(index) - 1));
    expect(drafts.of("f").map(({ path, text }) => [path, text])).toEqual([[["list", 1, "name"], "third"]]);
  });

  it("inside a held structure belong to it", () => {
    const drafts = new Drafts();
    drafts.write("f", { phase: "held", path: ["list"], value: [{}], errors: [] });
    expect(drafts.holder("f", ["list", 0, "name"])?.path).toEqual(["list"]);
    expect(drafts.holder("f", ["list"])).toBeUndefined();
    expect(drafts.holder("f", ["other"])).toBeUndefined();
  });

  it("are bounded: the oldest gives way", () => {
    const drafts = new Drafts();
    for (let index = 0; index < 600; index += 1) drafts.write("f", draft([index], "x"));
    expect(drafts.of("f")).toHaveLength(500);
    expect(drafts.read("f", [0])).toBeUndefined();
    expect(drafts.read("f", [599])).toBeDefined();
  });
});
