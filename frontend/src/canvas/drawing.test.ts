import { describe, expect, it } from "vitest";
import { Scene } from "../core/scene";
import { aNode, anEdge, openedEditor } from "../core/testing";
import { Drawing } from "./drawing";
import { Sheet } from "./testing";

async function drawn(colours: Record<string, string> = {}) {
  const { editor } = await openedEditor(
    [aNode("a"), aNode("b", { x: 400, y: 100 }), aNode("far", { x: 90_000 })],
    [anEdge("ab", "a", "b"), anEdge("bf", "far", "far")],
  );
  const scene = new Scene(editor);
  scene.follow();
  const drawing = new Drawing(scene, ({ node }) => colours[node.id] ?? "grey");
  drawing.refresh();
  return { editor, drawing, colours };
}

const HALF = { x: 10, y: 20, zoom: 0.5 };

describe("Drawing", () => {
  it("draws what is in view, boxes where cards are and lines from the right of one to the left of the other", async () => {
    const { drawing } = await drawn({ b: "red" });
    const sheet = new Sheet();
    drawing.paintLines(sheet.context, HALF, "blue");
    drawing.paintBoxes(sheet.context, HALF);
    expect(sheet.lines).toEqual([[110, 36, 210, 86]]);
    expect(sheet.boxes).toEqual([
      ["grey", 10, 20, 100, 32],
      ["red", 210, 70, 100, 32],
    ]);
  });

  it("draws again only boxes that have another colour now", async () => {
    const { drawing, colours } = await drawn();
    colours["a"] = "green";
    const others = drawing.recolour(["a", "b", "gone"]);
    const sheet = new Sheet();
    drawing.paintBoxes(sheet.context, HALF, others);
    expect(sheet.boxes).toEqual([["green", 10, 20, 100, 32]]);
    expect(drawing.recolour(["a", "b"])).toEqual([]);
  });

  it("follows the flow", async () => {
    const { editor, drawing } = await drawn();
    editor.apply([{ op: "delete_node", id: "b" }], { label: "Delete" });
    drawing.refresh();
    const sheet = new Sheet();
    drawing.paintLines(sheet.context, HALF, "blue");
    drawing.paintBoxes(sheet.context, HALF);
    expect(sheet.lines).toEqual([]);
    expect(sheet.boxes).toHaveLength(1);
  });

  it("keeps a box that would be smaller than a dot a dot", async () => {
    const { drawing } = await drawn();
    const sheet = new Sheet();
    drawing.paintBoxes(sheet.context, { x: 0, y: 0, zoom: 0.005 });
    expect(sheet.boxes[0]).toEqual(["grey", 0, 0, 2, 2]);
  });
});
