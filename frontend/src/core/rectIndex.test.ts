import { describe, expect, it } from "vitest";
import { overlap, type Rect } from "./geometry";
import { RectIndex } from "./rectIndex";
import { random } from "./testing";

describe("RectIndex", () => {
  it("finds in any area what is there, each once, whatever came, moved and went before", () => {
    const chance = random(3);
    const rect = (most: number): Rect => ({
      ...{ x: (chance() - 0.5) * 40_000, y: (chance() - 0.5) * 40_000 },
      ...{ width: chance() * most, height: chance() * most },
    });
    const index = new RectIndex();
    const all = new Map<string, Rect>();
    for (let step = 0; step < 3_000; step++) {
      const id = `r${String(Math.floor(chance() * 600))}`;
      if (chance() < 0.2) {
        index.delete(id);
        all.delete(id);
      } else {
        // One in ten is as long as a wire from one end of the flow to the other.
        const placed = rect(chance() < 0.1 ? 30_000 : 300);
        index.set(id, placed);
        all.set(id, placed);
      }
      if (step % 10) continue;
      const area = rect(chance() < 0.1 ? 100_000 : 4_000);
      const there = [...all].filter(([, placed]) => overlap(placed, area)).map(([name]) => name);
      expect(index.within(area).sort()).toEqual(there.sort());
    }
    expect(index.size).toBe(all.size);
  });

  it("finds at a point what lies there, at its border too", () => {
    const index = new RectIndex();
    index.set("a", { x: -10, y: -10, width: 10, height: 10 });
    expect(index.within({ x: 0, y: 0, width: 0, height: 0 })).toEqual(["a"]);
    expect(index.within({ x: 1, y: 0, width: 0, height: 0 })).toEqual([]);
  });
});
