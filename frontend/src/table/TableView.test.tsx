import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ActionsContext } from "../actions/context";
import { ContextMenu } from "../actions/menu/ContextMenu";
import { openActions } from "../actions/testing";
import { CanvasStateContext } from "../canvas/canvasState";
import { aNode } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import TableView from "./TableView";

afterEach(cleanup);

async function open(start: Parameters<typeof openActions>[0] = {}) {
  const opened = await openActions(start);
  const onClose = vi.fn();
  render(
    <FlowProvider value={{ editor: opened.editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <ActionsContext value={opened.context}>
        <CanvasStateContext value={opened.canvas}>
          <TableView onClose={onClose} />
          <ContextMenu />
        </CanvasStateContext>
      </ActionsContext>
    </FlowProvider>,
  );
  return { ...opened, onClose };
}

it("shows nodes with where they lead, and wires with their ports", async () => {
  await open();
  const nodes = within(screen.getByRole("table", { name: "2 nodes" }));
  expect(nodes.getByRole("row", { name: /^a debug Idle/ }).textContent).toContain("b");
  const wires = within(screen.getByRole("table", { name: "1 wire" }));
  expect(wires.getByRole("row", { name: /^a out b in/ })).toBeDefined();
});

it("offers for a row what the canvas offers for the node, and lets it be renamed there", async () => {
  const { editor, canvas } = await open();
  fireEvent.click(screen.getByRole("button", { name: "Actions of b" }));
  expect([...editor.selection.get().nodes]).toEqual(["b"]);
  expect(await screen.findByRole("menuitem", { name: /^Rename/ })).toBeDefined();
  act(() => canvas.renaming.set("b"));
  const field = screen.getByRole("textbox", { name: "Name of b" });
  fireEvent.change(field, { target: { value: "Last" } });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(editor.graph.nodes.get("b")?.label).toBe("Last");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Actions of Last" }));
});

it("shows a large flow page by page, and goes back to the canvas on Escape", async () => {
  const { onClose } = await open({
    nodes: Array.from({ length: 250 }, (_, at) => aNode(`n${String(at)}`)),
    edges: [],
  });
  // By role, so many rows would take seconds to be looked through.
  const rows = () => document.querySelectorAll("tbody tr").length;
  expect(rows()).toBe(200);
  fireEvent.click(screen.getByText("Show 50 of 50 more"));
  expect(rows()).toBe(250);
  fireEvent.keyDown(screen.getByLabelText("Flow as a table"), { key: "Escape" });
  expect(onClose).toHaveBeenCalledOnce();
});
