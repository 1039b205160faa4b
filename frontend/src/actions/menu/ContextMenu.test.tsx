import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ActionsContext } from "../context";
import { aNode, anEdge } from "../../core/testing";
import { openActions } from "../testing";
import { ContextMenu, Menu } from "./ContextMenu";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function open(start: Parameters<typeof openActions>[0] = {}) {
  await Menu.fetch();
  const opened = await openActions(start);
  render(
    <ActionsContext value={opened.context}>
      <div className="canvas">
        <div className="react-flow" data-testid="pane" tabIndex={0}>
          <div className="react-flow__node" data-id="a" tabIndex={-1} data-testid="a" />
          <div className="react-flow__node" data-id="b" data-testid="b" />
          <div className="react-flow__edge" data-id="ab" data-testid="ab" />
        </div>
      </div>
      <p data-testid="elsewhere" />
      <ContextMenu />
    </ActionsContext>,
  );
  return opened;
}

const ask = (name: string) =>
  fireEvent.contextMenu(screen.getByTestId(name), { button: 2, clientX: 5, clientY: 5 });
const titles = () => screen.queryAllByRole("menuitem").map(({ textContent }) => textContent ?? "");

it("selects the node it was asked for, and offers what can be done with it", async () => {
  const { editor } = await open();
  expect(ask("a")).toBe(false);
  expect([...editor.selection.get().nodes]).toEqual(["a"]);
  expect(titles().join()).toContain("Rename the selected node");
  fireEvent.click(screen.getByRole("menuitem", { name: /^Delete/ }));
  await waitFor(() => expect(editor.graph.nodes.has("a")).toBe(false));
  expect(screen.queryByRole("menu")).toBeNull();
});

it("keeps a selection of many, and offers a wire nothing that only nodes have", async () => {
  const { editor } = await open();
  editor.select({ nodes: ["a", "b"] });
  ask("b");
  expect(editor.selection.get().nodes.size).toBe(2);
  ask("ab");
  expect([...editor.selection.get().edges]).toEqual(["ab"]);
  expect(titles().join()).not.toContain("Duplicate");
});

it("offers to take a node out of a wire only where it stands in one", async () => {
  await open({
    nodes: [aNode("a"), aNode("b"), aNode("c")],
    edges: [anEdge("ca", "c", "a"), anEdge("ab", "a", "b")],
  });
  ask("a");
  expect(titles().join()).toContain("Take out of the wire");
  ask("b");
  expect(titles().join()).not.toContain("Take out of the wire");
});

it("leaves the browser's own menu where it is nobody's canvas", async () => {
  await open();
  expect(ask("elsewhere")).toBe(true);
  expect(screen.queryByRole("menu")).toBeNull();
});

it("is walked with arrows and letters, and gives the focus back on Escape", async () => {
  await open();
  const card = screen.getByTestId("a");
  card.focus();
  ask("a");
  const items = screen.getAllByRole("menuitem");
  expect(document.activeElement).toBe(items[0]);
  fireEvent.keyDown(items[0] as Element, { key: "ArrowUp" });
  expect(document.activeElement).toBe(items.at(-1));
  fireEvent.keyDown(items.at(-1) as Element, { key: "r" });
  expect(document.activeElement?.textContent).toContain("Rename");
  fireEvent.keyDown(document.activeElement as Element, { key: "Escape" });
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(card);
});

it("has all that lines nodes up in one line, walked sideways, by letters, and passed at one step", async () => {
  const { editor } = await open({ nodes: [aNode("a"), aNode("b", { x: 300 }), aNode("c", { x: 600 })] });
  editor.select({ nodes: ["a", "b", "c"] });
  ask("b");
  const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
  const focused = () =>
    document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;
  press("a");
  expect(focused()).toBe("Align left edges");
  press("ArrowLeft");
  expect(focused()).toBe("Distribute from top to bottom");
  press("ArrowRight");
  press("ArrowRight");
  expect(focused()).toBe("Align centres");
  press("ArrowUp");
  expect(focused()).toContain("Tidy");
  press("ArrowDown");
  press("ArrowDown");
  expect(focused()).not.toMatch(/^(Align|Distribute)/);
  fireEvent.click(screen.getByRole("menuitem", { name: "Align left edges" }));
  await waitFor(() => expect([...editor.graph.nodes.values()].map(({ x }) => x)).toEqual([0, 0, 0]));
});

it("offers nothing that changes the flow to who may only look", async () => {
  await open({ can: { edit: false, control: false } });
  ask("a");
  expect(titles().filter((title) => /^(Add|Rename|Connect|Delete|Duplicate)/.test(title))).toEqual([]);
});

it("opens for a finger that is held still, not for one that moves", async () => {
  await open();
  vi.useFakeTimers();
  const finger = { pointerType: "touch", isPrimary: true, clientX: 50, clientY: 50 };
  fireEvent.pointerDown(screen.getByTestId("a"), finger);
  fireEvent.pointerMove(screen.getByTestId("a"), { ...finger, clientX: 90 });
  vi.advanceTimersByTime(600);
  expect(screen.queryByRole("menu")).toBeNull();
  fireEvent.pointerDown(screen.getByTestId("a"), finger);
  act(() => vi.advanceTimersByTime(600));
  expect(screen.getByRole("menu")).toBeDefined();
});
