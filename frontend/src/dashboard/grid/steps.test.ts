import { describe, expect, it } from "vitest";

import { packed, readingOrder, type Placed } from "./layout";
import { stepped } from "./steps";

const at = (id: string, x: number, y: number, w = 2, h = 2): Placed => ({ id, x, y, w, h });
const shown = (widgets: readonly Placed[]) => readingOrder(widgets).map(({ id, x, y }) => [id, x, y]);

describe("a step of the keyboard", () => {
  it("takes a widget into its neighbour's place, in each direction", () => {
    const [a, b, c] = [at("a", 0, 0, 2, 6), at("b", 2, 0, 3, 7), at("c", 0, 6)];
    const step = (widget: Placed, columns: -1 | 0 | 1, rows: -1 | 0 | 1) =>
      shown(packed(stepped([a, b, c], widget, { how: "move", columns, rows }), widget.id));
    expect(step(b, -1, 0)[0]).toEqual(["b", 1, 0]);
    const once = packed(stepped([a, b], b, { how: "move", columns: -1, rows: 0 }), "b");
    const now = once.find(({ id }) => id === "b") ?? b;
    const twice = packed(stepped(once, now, { how: "move", columns: -1, rows: 0 }), "b");
    expect(shown(twice)).toEqual([
      ["b", 0, 0],
      ["a", 0, 7],
    ]);
    expect(step(c, 0, -1)).toEqual([
      ["c", 0, 0],
      ["b", 2, 0],
      ["a", 0, 2],
    ]);
    expect(step(a, 0, 1)).toEqual([
      ["c", 0, 0],
      ["b", 2, 0],
      ["a", 0, 2],
    ]);
    expect(step(a, 0, -1)).toEqual(shown([a, b, c]));
    expect(step(c, 0, 1)).toEqual(shown([a, b, c]));
  });
});
