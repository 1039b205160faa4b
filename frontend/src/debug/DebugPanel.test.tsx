import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { DebugPanel } from "./DebugPanel";

afterEach(cleanup);

async function open() {
  const nodes = [aNode("d", { label: "Look" }), aNode("a", { label: "Visits", component: "counter" })];
  const editor = new Editor(new FakeServer(nodes).api, new FakeKeeper());
  await editor.open();
  const live = new LiveStore((run) => run());
  const view = render(
    <FlowProvider value={{ editor, live, checks: noChecks(), runs: noRuns }}>
      <DebugPanel onClose={() => undefined} />
    </FlowProvider>,
  );
  const hear = (node: string, message: string, lost = 0) =>
    act(() => live.taps.heard([{ node, port: "in", at: 1_700_000_000_000, message, host: "h1" }], lost));
  return { editor, taps: live.taps, view, hear };
}

it("listens to debug nodes and watched ports while it is open, and to nothing after", async () => {
  const { taps, view } = await open();
  expect(taps.wanted.get()).toEqual([["d", "in"]]);
  act(() => taps.watch([["a", "value"]]));
  expect(taps.wanted.get()).toEqual([
    ["a", "value"],
    ["d", "in"],
  ]);
  fireEvent.click(screen.getByRole("button", { name: "Stop watching Visits, value" }));
  expect(taps.wanted.get()).toEqual([["d", "in"]]);
  view.unmount();
  expect(taps.wanted.get()).toEqual([]);
});

it("shows messages, filters them, and one of them whole", async () => {
  const { editor, hear } = await open();
  expect(screen.getByText("No message yet")).toBeDefined();
  hear("d", "first");
  hear("a", "second", 3);
  expect(screen.getAllByRole("option")).toHaveLength(2);
  expect(screen.getByText("3 messages came too fast to be shown")).toBeDefined();
  fireEvent.change(screen.getByRole("searchbox", { name: "Filter messages" }), {
    target: { value: "visits" },
  });
  const row = screen.getByRole("option");
  expect(row.textContent).toContain('"second"');
  fireEvent.click(row);
  expect(screen.getByLabelText("Message").textContent).toBe('"second"');
  fireEvent.click(screen.getByTitle("Go to the node"));
  expect([...editor.selection.get().nodes]).toEqual(["a"]);
});

it("pauses, pins and clears", async () => {
  const { hear } = await open();
  hear("d", "first");
  fireEvent.click(screen.getByRole("option"));
  fireEvent.click(screen.getByRole("button", { name: "Pin" }));
  fireEvent.click(screen.getByRole("button", { name: "Pause" }));
  hear("d", "second");
  expect(screen.getAllByRole("option")).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Go on (1)" }));
  expect(screen.getAllByRole("option")).toHaveLength(2);
  fireEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(screen.queryByRole("option")).toBeNull();
  expect(screen.getByRole("button", { name: /first/ })).toBeDefined();
});

it("copies what the filter leaves as JSON", async () => {
  const { hear } = await open();
  const writeText = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
  hear("d", "first");
  fireEvent.click(screen.getByRole("button", { name: "Copy as JSON" }));
  expect(JSON.parse(writeText.mock.calls[0]?.[0] ?? "")).toEqual([
    { at: "2023-11-14T22:13:20.000Z", node: "Look", port: "in", host: "h1", message: "first" },
  ]);
  expect(await screen.findByText("Copied")).toBeDefined();
  vi.unstubAllGlobals();
});
