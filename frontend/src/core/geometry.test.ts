import { describe, expect, it } from "vitest";
import { bounds, freePlace, HEAD_HEIGHT, layoutCard, snap } from "./geometry";
import { aPort } from "./testing";

describe("layoutCard", () => {
  it("puts the only port of each side beside the title", () => {
    const { height, ports } = layoutCard([aPort("in", false), aPort("out", true)]);
    expect(height).toBe(HEAD_HEIGHT);
    expect(ports.map(({ name, x, y, row }) => [name, x, y, row])).toEqual([
      ["in", 0, 32, null],
      ["out", 200, 32, null],
    ]);
  });

  it("gives each port of a crowded side its row, on the grid below the title's port", () => {
    const { height, ports } = layoutCard([aPort("in", false), aPort("a", true), aPort("b", true)]);
    expect(ports.map(({ y }) => y)).toEqual([32, 80, 104]);
    expect(height).toBe(116);
  });

  it("follows the side that a port's position names", () => {
    const top = aPort("top", false, { position: 0 });
    const bottom = aPort("bottom", true, { position: 2 });
    const { height, ports } = layoutCard([top, bottom]);
    expect(ports.map(({ x, y }) => [x, y])).toEqual([
      [100, 0],
      [100, height],
    ]);
  });

  it("leaves system ports out", () => {
    expect(layoutCard([aPort("_settings", false), aPort("_control", false)]).ports).toEqual([]);
  });

  it("shows a wired port that the component does not have", () => {
    const { ports } = layoutCard([aPort("in", false)], [{ name: "gone", source: true }]);
    expect(ports.find(({ name }) => name === "gone")).toMatchObject({ missing: true, row: 0, x: 200 });
    expect(layoutCard([], [{ name: "in", source: false }]).ports).toHaveLength(1);
  });
});

describe("places", () => {
  it("snap to the grid and stay inside the canvas", () => {
    expect([snap(13), snap(-13), snap(-5), snap(1e9)]).toEqual([24, -24, 0, 999_984]);
  });

  it("are found below what is in the way", () => {
    const size = { width: 200, height: 64 };
    const others = [
      { x: 0, y: 0, ...size },
      { x: 0, y: 96, ...size },
    ];
    const place = freePlace({ x: 10, y: 10 }, size, others);
    expect(place.x).toBe(0);
    expect(place.y).toBeGreaterThanOrEqual(96 + 64 + 24);
    expect(freePlace({ x: 480, y: 0 }, size, others)).toEqual({ x: 480, y: 0 });
  });

  it("have bounds, or none", () => {
    const rects = [
      { x: -10, y: 0, width: 20, height: 10 },
      { x: 50, y: 5, width: 10, height: 10 },
    ];
    expect(bounds(rects)).toEqual({ x: -10, y: 0, width: 70, height: 15 });
    expect(bounds([])).toBeNull();
  });
});
