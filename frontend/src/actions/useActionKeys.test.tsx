import { cleanup, fireEvent, renderHook, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { openActions } from "./testing";
import { useActionKeys } from "./useActionKeys";

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

async function listen(start: Parameters<typeof openActions>[0] = {}) {
  const opened = await openActions(start);
  renderHook(() => useActionKeys(opened.context));
  const field = document.body.appendChild(document.createElement("input"));
  return { ...opened, field, ops: () => opened.server.received.flatMap((batch) => batch.ops ?? []) };
}

it("deletes what is selected with the Delete key, but not while somebody types", async () => {
  const { editor, field, ops } = await listen();
  editor.select({ nodes: ["b"] });
  fireEvent.keyDown(field, { key: "Delete" });
  expect(editor.graph.nodes.has("b")).toBe(true);
  fireEvent.keyDown(document.body, { key: "Delete" });
  await waitFor(() => expect(ops()).toContainEqual({ op: "delete_node", id: "b" }));
});

it("puts messages away on Escape, and only then selects nothing", async () => {
  const { editor } = await listen();
  editor.select({ nodes: ["b"] });
  editor.notify({ code: "x", message: "Refused" });
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect([editor.notices.get().length, editor.selection.get().nodes.size]).toEqual([0, 1]);
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(editor.selection.get().nodes.size).toBe(0);
});

it("opens the command palette also from a field, and the keys only outside", async () => {
  const { opened, field } = await listen();
  fireEvent.keyDown(field, { key: "?" });
  fireEvent.keyDown(field, { key: "k", ctrlKey: true });
  fireEvent.keyDown(document.body, { key: "?", shiftKey: true });
  expect(opened).toEqual(["commands", "help"]);
});

it("keeps a key from the browser also where there is nothing to do, and leaves other keys and dialogs alone", async () => {
  await listen();
  const dialog = document.body.appendChild(document.createElement("dialog"));
  expect(fireEvent.keyDown(document.body, { key: "d", ctrlKey: true })).toBe(false);
  expect(fireEvent.keyDown(document.body, { key: "p", ctrlKey: true })).toBe(true);
  expect(fireEvent.keyDown(dialog, { key: "a", ctrlKey: true })).toBe(true);
});

it("does nothing that this person may not", async () => {
  const { editor, canvas } = await listen({ can: { edit: false, control: false } });
  editor.select({ nodes: ["a"] });
  for (const key of ["Delete", "c", "F2"]) fireEvent.keyDown(document.body, { key });
  expect(editor.graph.nodes.size).toBe(2);
  expect([canvas.wiring.get(), canvas.renaming.get()]).toEqual([null, null]);
});
