import { expect, it } from "vitest";
import { placeInWindow } from "./placeInWindow";

const size = { width: 300, height: 340 };

it("stays inside the window", () => {
  const { left, top } = placeInWindow({ x: innerWidth - 10, y: -5 }, size);
  expect([left, top]).toEqual([innerWidth - 300 - 8, 8]);
});

it("stays inside the part of the window that it is for", () => {
  const canvas = { x: 240, y: 48, width: 500, height: 600 };
  expect(placeInWindow({ x: 700, y: 100 }, size, canvas)).toMatchObject({ left: 432, top: 100 });
  expect(placeInWindow({ x: 0, y: 900 }, size, canvas)).toMatchObject({ left: 248, top: 300 });
});
