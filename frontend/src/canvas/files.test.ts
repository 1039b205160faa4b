import { afterEach, expect, it, vi } from "vitest";
import type { FlowNote } from "../core/types";
import { aNode, anEdge, openFlow } from "../editing/testing";
import { readContents } from "../editing/readContents";
import { addFile, saveFile } from "./files";

const NOTE: FlowNote = {
  id: "m",
  text: "Read me",
  group: null,
  colour: "amber",
  x: 0,
  y: 300,
  width: 96,
  height: 96,
  rev: 1,
};

afterEach(() => {
  vi.restoreAllMocks();
});

async function saved(save: () => Promise<boolean>) {
  const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue();
  await save();
  return (made.mock.calls[0]?.[0] as Blob).text();
}

it("saves the whole flow with its notes, and what was saved is added again", async () => {
  const { editor } = await openFlow([aNode("a"), aNode("b", { x: 288 })], [anEdge("1", "a", "b")]);
  const { rev: _, ...note } = NOTE;
  editor.apply([{ op: "add_note", ...note }], { label: "Write a note" });
  const text = await saved(() => saveFile(editor));
  const reading = readContents(text);
  if (!("contents" in reading)) throw new Error(reading.problem);
  expect(reading.contents.nodes).toHaveLength(2);
  expect(reading.contents.edges).toHaveLength(1);
  expect(reading.contents.notes.map((one) => one.text)).toEqual(["Read me"]);

  await addFile(editor, new File([text], "flow.json"), () => ({ x: 0, y: 900 }), vi.fn());
  expect([editor.graph.nodes.size, editor.graph.edges.size, editor.graph.notes.size]).toEqual([4, 2, 2]);
});

it("saves only what is selected, without notes that are not in it", async () => {
  const { editor } = await openFlow([aNode("a"), aNode("b")]);
  const { rev: _, ...note } = NOTE;
  editor.apply([{ op: "add_note", ...note }], { label: "Write a note" });
  editor.select({ nodes: ["b"] });
  const reading = readContents(await saved(() => saveFile(editor)));
  if (!("contents" in reading)) throw new Error(reading.problem);
  expect(reading.contents.nodes.map(({ id }) => id)).toEqual(["b"]);
  expect(reading.contents.notes).toEqual([]);
});

it("reads no file that is larger than what can be pasted", async () => {
  const { editor } = await openFlow([]);
  const file = new File([], "large.json");
  Object.defineProperty(file, "size", { value: 9 * 1024 * 1024 });
  const text = vi.spyOn(file, "text");
  await addFile(editor, file, () => ({ x: 0, y: 0 }), vi.fn());
  expect(text).not.toHaveBeenCalled();
  expect(editor.notices.get().at(-1)?.message).toContain("large.json has 9 MB");
});

it.each(["weirflow: 1\nkind: Flow\n", '[{"id": "a", "type": "inject"}]'])(
  "hands on what is no copy of nodes: %s",
  async (text) => {
    const { editor } = await openFlow([]);
    const offer = vi.fn();
    await addFile(editor, new File([text], "flow.yaml"), () => ({ x: 0, y: 0 }), offer);
    expect(offer).toHaveBeenCalledWith(text);
  },
);
