import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { ProblemCount } from "./ProblemCount";
import { ProblemsPanel } from "./ProblemsPanel";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function open() {
  const server = new FakeServer([aNode("a"), aNode("b"), aNode("c")]);
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const live = new LiveStore((run) => run());
  const fails = (...ids: string[]) =>
    act(() => {
      live.merge({
        full: true,
        nodes: Object.fromEntries(ids.map((id) => [id, { error: { code: "x", message: `${id} fails` } }])),
        edges: {},
      });
      vi.advanceTimersByTime(600);
    });
  const onClose = vi.fn();
  render(
    <FlowProvider value={{ editor, live, checks: noChecks(), runs: noRuns }}>
      <ProblemCount open={false} onOpen={onClose} />
      <ProblemsPanel onClose={onClose} />
    </FlowProvider>,
  );
  return { editor, fails, onClose };
}

it("says that nothing is wrong, then lists what is, and flies there", async () => {
  const { editor, fails } = await open();
  expect(screen.getAllByText("Nothing is wrong").length).toBeGreaterThan(0);
  fails("a", "c");
  expect(screen.getByRole("status").textContent).toBe("2 problems");
  fireEvent.click(screen.getByRole("button", { name: /c fails/ }));
  expect([...editor.selection.get().nodes]).toEqual(["c"]);
});

it("does not call a flow sound that it hears nothing of", async () => {
  const { editor } = await open();
  expect(screen.getByRole("button", { name: /No problems/ })).toBeTruthy();
  act(() => editor.connection.set({ ...editor.connection.get(), socket: "reconnecting" }));
  expect(screen.queryByRole("button", { name: /No problems/ })).toBeNull();
  expect(screen.getByRole("button", { name: /Problems unknown/ })).toBeTruthy();
});

it("keeps the focus where it was while the list changes under it", async () => {
  const { fails } = await open();
  fails("a", "b", "c");
  const row = (name: string) => screen.getByRole("button", { name: new RegExp(`${name} fails`) });
  act(() => row("b").focus());
  fails("b", "c");
  expect(document.activeElement).toBe(row("b"));
  fails("c");
  expect(document.activeElement).toBe(row("c"));
});

it("is walked with the arrow keys and closed with Escape", async () => {
  const { fails, onClose } = await open();
  fails("a", "b");
  const [first, second] = screen.getAllByRole("button", { name: /fails/ });
  act(() => first?.focus());
  fireEvent.keyDown(first as HTMLElement, { key: "ArrowDown" });
  expect(document.activeElement).toBe(second);
  fireEvent.keyDown(second as HTMLElement, { key: "Escape" });
  expect(onClose).toHaveBeenCalled();
});

it("names in words what it counts, also where nothing is wrong", async () => {
  const { fails } = await open();
  expect(screen.getByRole("button", { name: "No problems" })).toBeDefined();
  fails("a");
  expect(screen.getByRole("button", { name: "1 problem" })).toBeDefined();
  fails("b", "c");
  expect(screen.getByRole("button", { name: "2 problems" })).toBeDefined();
});
