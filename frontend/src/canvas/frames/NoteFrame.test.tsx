import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { ReactFlowProvider } from "@xyflow/react";
import { afterEach, expect, it } from "vitest";
import { Editor } from "../../core/editor";
import { addNote } from "../../core/groups/edits";
import { FakeKeeper, FakeServer } from "../../core/testing";
import type { FlowNote } from "../../core/types";
import { FlowProvider } from "../../live/context";
import { LiveStore } from "../../live/store";
import { noChecks, noRuns } from "../../live/testing";
import { CanvasState, CanvasStateContext } from "../canvasState";
import { NoteFrame } from "./NoteFrame";

afterEach(cleanup);

it.each([
  ["Escape", {}],
  ["Enter", { ctrlKey: true }],
])("keeps what was written on %s", async (key, modifiers) => {
  const editor = new Editor(new FakeServer().api, new FakeKeeper());
  await editor.open();
  const [canvas, live] = [new CanvasState(), new LiveStore((run) => run())];
  const id = addNote(editor, { x: 0, y: 0 }) ?? "";
  const note = editor.graph.notes.get(id) as FlowNote;
  canvas.renaming.set(id);
  render(
    <FlowProvider value={{ editor, live, checks: noChecks(), runs: noRuns }}>
      <CanvasStateContext value={canvas}>
        <ReactFlowProvider>
          <NoteFrame note={note} />
        </ReactFlowProvider>
      </CanvasStateContext>
    </FlowProvider>,
  );
  const field = screen.getByLabelText<HTMLTextAreaElement>("Text of the note, in Markdown");
  fireEvent.change(field, { target: { value: "# Why" } });
  fireEvent.keyDown(field, { key, ...modifiers });
  await waitFor(() => expect(editor.graph.notes.get(id)?.text).toBe("# Why"));
  expect(canvas.renaming.get()).toBeNull();
});
