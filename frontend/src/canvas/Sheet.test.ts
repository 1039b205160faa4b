import { expect, it } from "vitest";
import { contains } from "../core/geometry";
import { sheetAround } from "./Sheet";

it("covers the flow and the origin, and keeps its size while the flow grows a little", () => {
  const flow = { x: 9_000, y: -20_000, width: 3_000, height: 2_000 };
  const sheet = sheetAround(flow);
  expect(contains(sheet, flow)).toBe(true);
  expect(contains(sheet, { x: 0, y: 0, width: 0, height: 0 })).toBe(true);
  expect(sheetAround({ ...flow, width: 3_040 })).toEqual(sheet);
});
