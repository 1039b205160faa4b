import { expect, it } from "vitest";
import { Editor } from "../core/editor";
import { Scene } from "../core/scene";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { paintDiffers } from "./paintDiffers";
import { NAMED, Sheet } from "../canvas/testing";

it("tells what differs by lines and signs, and what is too small by lines alone", async () => {
  const nodes = [aNode("a"), aNode("b", { x: 1_000 }), aNode("c", { x: 90_000 })];
  const editor = new Editor(new FakeServer(nodes, [anEdge("ab", "a", "b")]).api, new FakeKeeper());
  await editor.open();
  const scene = new Scene(editor);
  const differs = new Map([
    ["a", "added"],
    ["b", "removed"],
    ["c", "changed"],
    ["ab", "removed"],
  ] as const);
  const dashes: number[][] = [];
  const paint = (zoom: number): Sheet => {
    const sheet = Object.assign(new Sheet(), { setLineDash: (line: number[]) => void dashes.push(line) });
    paintDiffers(sheet.context, scene, differs, { x: 0, y: 0, zoom }, NAMED, 1);
    return sheet;
  };
  const near = paint(0.3);
  expect(near.outlines.map(([colour]) => colour)).toEqual(["running", "error"]);
  expect(near.texts.map(([, sign]) => sign)).toEqual(["+", "−"]);
  expect(near.strokes.filter(([, , lines]) => lines > 0).map(([colour]) => colour)).toEqual(["error"]);
  expect(dashes.at(-1)).toEqual([]);
  expect(new Set(dashes.map(String)).size).toBe(3);
  expect(paint(0.02).texts).toEqual([]);
});
