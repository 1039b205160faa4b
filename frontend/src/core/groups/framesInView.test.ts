import { describe, expect, it } from "vitest";
import { Editor } from "../editor";
import { aGroup, aNote, FakeKeeper, FakeServer } from "../testing";
import { FramesInView } from "./framesInView";

const VIEW = { x: 0, y: 0, width: 1_200, height: 800 };

/** A row of groups, each with a note below it, 2,000 px apart. */
async function open(size = 30, kept: string[] = []) {
  const server = new FakeServer([]);
  const places = Array.from({ length: size }, (_, number) => number);
  const groups = places.map((number) => aGroup(`g${String(number)}`, { x: number * 2_000 }));
  const notes = places.map((number) => aNote(`n${String(number)}`, { x: number * 2_000, y: 300 }));
  server.document = { ...server.document, groups, notes };
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const frames = new FramesInView(editor, () => kept);
  frames.follow();
  let told = 0;
  frames.subscribe(() => (told += 1));
  const ids = () => [...frames.get().groups, ...frames.get().notes].map(({ id }) => id);
  return { editor, frames, ids, told: () => told };
}

describe("frames in the page", () => {
  it("are those in view, and those that somebody works with", async () => {
    const { frames, ids } = await open(30, ["g20", "gone"]);
    frames.look(VIEW, 1);
    expect(ids()).toEqual(["g0", "g20", "n0"]);
    frames.look({ ...VIEW, x: 4_000 }, 1);
    expect(ids()).toEqual(["g2", "g20", "n2"]);
  });

  it("are all of them where they are few", async () => {
    const { frames, ids } = await open(4);
    frames.look(VIEW, 1);
    expect(ids()).toHaveLength(8);
  });

  it("stay the same while the view moves a little, and while others change", async () => {
    const { editor, frames, told } = await open();
    frames.look(VIEW, 1);
    const before = told();
    frames.look({ ...VIEW, x: 100 }, 1);
    editor.apply([{ op: "set_note", id: "n20", fields: { text: "far away" } }], { label: "Write" });
    expect(told()).toBe(before);
  });

  it("follow the flow", async () => {
    const { editor, frames, ids } = await open();
    frames.look(VIEW, 1);
    editor.apply([{ op: "set_group", id: "g9", fields: { x: 500 } }], { label: "Move" });
    expect(ids()).toEqual(["g0", "g9", "n0"]);
    editor.apply([{ op: "set_group", id: "g0", fields: { collapsed: true } }], { label: "Collapse" });
    editor.apply([{ op: "delete_note", id: "n0" }], { label: "Delete" });
    expect(ids()).toEqual(["g9"]);
    editor.apply([{ op: "set_group", id: "g9", fields: { name: "Intake" } }], { label: "Name" });
    expect(frames.get().groups[0]?.name).toBe("Intake");
  });
});
