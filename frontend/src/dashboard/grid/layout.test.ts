import { describe, expect, it } from "vitest";

import {
  COLUMNS,
  differences,
  freePlace,
  moved,
  overlap,
  packed,
  readingOrder,
  resized,
  swapped,
  type Placed,
} from "./layout";

const at = (id: string, x: number, y: number, w = 2, h = 2): Placed => ({ id, x, y, w, h });

describe("a page's layout", () => {
  it("never shows two widgets on each other, and leaves no empty rows", () => {
    const shown = packed([at("a", 0, 0), at("b", 1, 1), at("c", 0, 50)]);
    expect(shown.map(({ id, x, y }) => [id, x, y])).toEqual([
      ["a", 0, 0],
      ["b", 1, 2],
      ["c", 0, 4],
    ]);
    for (const one of shown)
      for (const other of shown) if (one.id !== other.id) expect(overlap(one, other)).toBe(false);
  });

  it("is the same when it is packed again", () => {
    const once = packed([at("a", 3, 7, 3, 3), at("b", 0, 0, 6, 1), at("c", 2, 2), at("d", 5, 0, 2, 2)]);
    expect(readingOrder(packed(once))).toEqual(readingOrder(once));
    expect(once.every(({ x, w }) => x + w <= COLUMNS)).toBe(true);
  });

  it("gives way to what is moved onto something else", () => {
    const widgets = [at("a", 0, 0), at("b", 0, 2)];
    const after = packed([moved(at("b", 0, 2), 0, -2), at("a", 0, 0)], "b");
    expect(readingOrder(after).map(({ id, y }) => [id, y])).toEqual([
      ["b", 0],
      ["a", 2],
    ]);
    expect(differences(widgets, after)).toEqual([
      { id: "b", fields: { y: 0 } },
      { id: "a", fields: { y: 2 } },
    ]);
  });

  it("keeps widgets on the page when they are moved and resized", () => {
    expect(moved(at("a", 0, 0), -5, -5)).toEqual(at("a", 0, 0));
    expect(moved(at("a", 0, 0), 50, 1)).toEqual(at("a", 4, 1));
    expect(resized(at("a", 4, 0), 50, 500)).toEqual(at("a", 4, 0, 2, 40));
    expect(resized(at("a", 0, 0), -5, -5)).toEqual(at("a", 0, 0, 1, 1));
  });

  it("lets neighbours change places", () => {
    const after = packed(swapped([at("a", 0, 0), at("b", 2, 0)], "a", 1));
    expect(readingOrder(after).map(({ id }) => id)).toEqual(["b", "a"]);
    expect(swapped([at("a", 0, 0)], "a", 1)).toEqual([at("a", 0, 0)]);
  });

  it("finds a free place for what is new", () => {
    expect(freePlace([at("a", 0, 0, 5, 2)], 2, 2)).toEqual({ x: 0, y: 2, w: 2, h: 2 });
    expect(freePlace([at("a", 0, 0, 4, 2)], 2, 2)).toEqual({ x: 4, y: 0, w: 2, h: 2 });
  });
});
