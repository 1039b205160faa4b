import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { CanvasState } from "../canvas/canvasState";
import { ActionsContext } from "../actions/context";
import { NO_VIEW } from "../actions/types";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { useLit } from "../live/replay";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { RunsPanel } from "./RunsPanel";
import { aRun, aSpan, aSummary } from "./testRuns";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const error = { code: "x", message: "it broke" };
const run = aRun([
  aSpan("1", null, 0, 10, { message: { who: "ann" }, bytes: 13 }),
  aSpan("2", "1", 2, 6, { error }),
  aSpan("3", "2", 3, 1),
]);

function Light({ id }: { id: string }) {
  return <output aria-label={id}>{useLit(id) ?? "dark"}</output>;
}

async function open() {
  const nodes = ["n-1", "n-2", "n-3"].map((id) => aNode(id, { label: id.toUpperCase() }));
  const editor = new Editor(new FakeServer(nodes, [anEdge("e-2", "n-1", "n-2")]).api, new FakeKeeper());
  await editor.open();
  const live = new LiveStore((run_) => run_());
  const runs = {
    ...noRuns,
    runs: () =>
      Promise.resolve({
        runs: [aSummary("t1"), aSummary("t2", { state: "error", error, node: "n-2" })],
        silent: ["h9"],
      }),
    run: (trace: string) => (trace === "t1" ? Promise.resolve(run) : Promise.reject(new Error("Forgotten."))),
  };
  const context = { editor, live, canvas: new CanvasState(), view: NO_VIEW, open: () => undefined };
  const view = render(
    <FlowProvider value={{ editor, live, checks: noChecks(), runs }}>
      <ActionsContext value={context}>
        <RunsPanel onClose={() => undefined} />
        <Light id="n-2" />
        <Light id="e-2" />
      </ActionsContext>
    </FlowProvider>,
  );
  const choose = async (name: RegExp) => {
    fireEvent.click(await screen.findByRole("button", { name }));
  };
  return { editor, view, choose };
}

it("lists runs with how they ended, and only the failed ones when asked", async () => {
  await open();
  expect(await screen.findByText("No answer from h9")).toBeDefined();
  const list = screen.getByRole("list", { name: "Last runs" });
  expect(list.querySelectorAll("button")).toHaveLength(2);
  fireEvent.click(screen.getByRole("button", { name: "Failed only" }));
  expect(list.querySelectorAll("button")).toHaveLength(1);
  expect(list.textContent).toContain("Failed");
});

it("shows a run as nested hops with their error and their message", async () => {
  const { editor, choose } = await open();
  await choose(/N-1/);
  const hops = await screen.findByRole("list", { name: "Hops of the run" });
  const [first, second] = hops.querySelectorAll("button");
  expect(second?.textContent).toContain("failed: it broke");
  act(() => first?.focus());
  fireEvent.click(first as HTMLElement);
  expect(screen.getByLabelText("Message of the hop").textContent).toContain('"who": "ann"');
  fireEvent.keyDown(hops, { key: "ArrowDown" });
  const detail = screen.getByRole("region", { name: "Hop" });
  expect(detail.textContent).toContain("it broke");
  expect(detail.textContent).toContain("was not recorded");
  fireEvent.click(screen.getByRole("button", { name: "Wire" }));
  expect([...editor.selection.get().edges]).toEqual(["e-2"]);
});

it("says of a run that nobody remembers why it cannot be shown", async () => {
  const { choose } = await open();
  await choose(/N-2/);
  expect(await screen.findByText("Forgotten.")).toBeDefined();
});

it("replays a run step by step on the canvas, and goes dark when it is closed", async () => {
  const { view, choose } = await open();
  await choose(/N-1/);
  const on = await screen.findByRole("button", { name: "One step on" });
  expect(screen.getByLabelText("n-2").textContent).toBe("dark");
  fireEvent.click(on);
  fireEvent.click(on);
  expect([screen.getByLabelText("n-2").textContent, screen.getByLabelText("e-2").textContent]).toEqual([
    "lit",
    "lit",
  ]);
  fireEvent.click(on);
  fireEvent.click(on);
  expect(screen.getByLabelText("n-2").textContent).toBe("failed");
  expect(screen.getByText(/the end/)).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "End the replay" }));
  expect(screen.getByLabelText("n-2").textContent).toBe("dark");
  fireEvent.click(on);
  view.unmount();
  render(<Light id="n-1" />);
  expect(screen.getByLabelText("n-1").textContent).toBe("dark");
});

it("plays by itself, each step in its time", async () => {
  const { choose } = await open();
  await choose(/N-1/);
  await screen.findByRole("button", { name: "Replay on the canvas" });
  vi.useFakeTimers();
  fireEvent.click(screen.getByRole("button", { name: "Replay on the canvas" }));
  await act(() => vi.advanceTimersByTimeAsync(100));
  expect(screen.getByText(/^1 of 4/)).toBeDefined();
  await act(() => vi.advanceTimersByTimeAsync(1_100));
  expect(screen.getByText(/^2 of 4/)).toBeDefined();
  for (let n = 0; n < 6; n += 1) await act(() => vi.advanceTimersByTimeAsync(1_600));
  expect(screen.getByText(/^4 of 4/)).toBeDefined();
  expect(screen.getByRole("button", { name: "Replay on the canvas" })).toBeDefined();
});

it("only steps where motion is not wanted", async () => {
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);
  const { choose } = await open();
  await choose(/N-1/);
  await screen.findByRole("button", { name: "One step on" });
  expect(screen.queryByRole("button", { name: "Replay on the canvas" })).toBeNull();
});
