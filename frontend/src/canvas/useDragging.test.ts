import { expect, it } from "vitest";
import { Scene } from "../core/scene";
import { aNode, anEdge, openedEditor } from "../core/testing";
import { isLoose } from "./useDragging";

it("takes a node for loose as soon as its last wire is gone", async () => {
  const { editor } = await openedEditor([aNode("a"), aNode("b"), aNode("c")], [anEdge("ab", "a", "b")]);
  const scene = new Scene(editor);
  scene.follow();
  expect(["a", "b", "c"].map((id) => isLoose(scene, id))).toEqual([false, false, true]);
  editor.apply([{ op: "delete_edge", id: "ab" }], { label: "Delete" });
  expect(isLoose(scene, "a")).toBe(true);
  editor.apply([{ op: "delete_node", id: "c" }], { label: "Delete" });
  expect(isLoose(scene, "c")).toBe(true);
});
