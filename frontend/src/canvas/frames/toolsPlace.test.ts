import { expect, it } from "vitest";
import { toolsPlace } from "./toolsPlace";

const seen = { x: 0, y: 0, width: 800, height: 600 };

it("is above the frame's right corner while that is seen", () => {
  expect(toolsPlace({ x: 100, y: 100, width: 400, height: 200 }, seen)).toEqual({ x: 500, y: 94 });
});

it("stays in what is seen of a frame that reaches out of view on any side", () => {
  expect(toolsPlace({ x: 600, y: 100, width: 900, height: 200 }, seen)).toEqual({ x: 794, y: 94 });
  expect(toolsPlace({ x: 100, y: -300, width: 400, height: 500 }, seen).y).toBeGreaterThan(36);
  expect(toolsPlace({ x: -500, y: 100, width: 560, height: 200 }, seen).x).toBeGreaterThan(290);
});
