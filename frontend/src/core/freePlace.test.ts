import { expect, it } from "vitest";
import { freePlaceNear } from "./freePlace";
import { GRID, type Rect } from "./geometry";

const size = { width: 200, height: 64 };
const at = (x: number, y: number): Rect => ({ x, y, ...size });

it("stays where nothing is in the way, on the grid", () => {
  expect(freePlaceNear({ x: 25, y: 10 }, size, [at(480, 0)])).toEqual({ x: 24, y: 0 });
});

it("goes below first, and beside where a column is full", () => {
  expect(freePlaceNear({ x: 0, y: 0 }, size, [at(0, 0)])).toEqual({ x: 0, y: 96 });
  const column = Array.from({ length: 40 }, (_, row) => at(0, (row - 20) * 96));
  expect(freePlaceNear({ x: 0, y: 0 }, size, column)).toEqual({ x: 240, y: 0 });
});

it("finds a place below all where everything near is taken", () => {
  const wall: Rect = { x: -2000, y: -2000, width: 4000, height: 4000 };
  const { y } = freePlaceNear({ x: 0, y: 0 }, size, [wall]);
  expect(y).toBeGreaterThanOrEqual(2000 + GRID);
});
