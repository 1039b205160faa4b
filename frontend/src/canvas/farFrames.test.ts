import { describe, expect, it } from "vitest";
import { graphOf } from "../core/graph";
import { aGroup, aNote } from "../core/testing";
import { FarFrames, paintFrames, paintTitles } from "./farFrames";
import { NAMED, Sheet } from "./testing";

const rows = { nodes: [], edges: [] };
const FAR = { x: 10, y: 20, zoom: 0.2 };

function frames() {
  const groups = [aGroup("Intake of orders", { colour: "blue" }), aGroup("shut", { collapsed: true })];
  const notes = [aNote("n", { x: 1_000, text: "\n## Why *this*\n\nmore" })];
  return new FarFrames().from(graphOf({ ...rows, groups, notes }));
}

describe("frames from far", () => {
  it("are those of open groups, and notes, in their colours", () => {
    const sheet = new Sheet();
    paintFrames(sheet.context, frames(), FAR, NAMED);
    expect(sheet.boxes).toEqual([
      ["blue-bg", 10, 20, 96, 48],
      ["amber-bg", 210, 20, 48, 24],
    ]);
    expect(sheet.globalAlpha).toBe(1);
  });

  it("have titles of one size at any zoom, above groups and on notes", () => {
    for (const zoom of [0.2, 0.4]) {
      const sheet = new Sheet();
      paintTitles(sheet.context, frames(), { ...FAR, zoom }, NAMED, 2);
      expect(sheet.font).toBe("600 26px sans");
      expect(sheet.texts[0]?.slice(0, 2)).toEqual(["blue", zoom === 0.2 ? "Intak…" : "Intake of or…"]);
      expect(sheet.texts[0]?.[3]).toBeLessThan(20);
    }
    const sheet = new Sheet();
    paintTitles(sheet.context, frames(), { ...FAR, zoom: 0.4 }, NAMED, 1);
    expect(sheet.texts[1]).toEqual(["amber", "Why this", 414, 24]);
  });

  it("leave out titles without room, and what is out of view", () => {
    const sheet = new Sheet();
    paintTitles(sheet.context, frames(), { ...FAR, zoom: 0.05 }, NAMED, 1);
    paintTitles(sheet.context, frames(), { x: -9_000, y: 0, zoom: 0.4 }, NAMED, 1);
    expect(sheet.texts).toEqual([]);
  });

  it("are looked at again only when a group or a note is another", () => {
    const far = new FarFrames();
    const graph = graphOf({ ...rows, groups: [aGroup("g")], notes: [] });
    const before = far.from(graph);
    expect(far.from({ ...graph, nodes: new Map() })).toBe(before);
    expect(far.from({ ...graph, groups: new Map() })).toEqual([]);
  });
});
