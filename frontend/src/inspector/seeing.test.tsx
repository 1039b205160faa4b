import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Stack } from "../core/types";
import { fieldWish } from "../problems/goTo";
import { edge, node, openFlow } from "./testFlow";

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  fieldWish.set(null);
});

const error = { code: "component_error", message: "counter failed: ValueError" };
const stack: Stack = {
  ...error,
  at: 1_700_000_000_000,
  text: 'Traceback\n  File "mine.py", line 3, in count',
  host: "h1",
};

async function failing(edit: boolean) {
  const told = vi.fn(() => Promise.resolve(stack));
  const flow = await openFlow({ nodes: [node("a")], can: { edit, control: edit }, stack: told });
  act(() => flow.editor.select({ nodes: ["a"] }));
  act(() => flow.show({ nodes: { a: { error } } }));
  return { flow, told };
}

describe("where a node's code failed", () => {
  it("is asked for only when somebody wants to know", async () => {
    const { told } = await failing(true);
    expect(told).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Show where the code failed" }));
    expect((await screen.findByLabelText("Where the code failed")).textContent).toContain(
      '"mine.py", line 3',
    );
    expect(told).toHaveBeenCalledWith("a");
  });

  it("is not offered to those who may not edit", async () => {
    await failing(false);
    expect(screen.getByText("counter failed: ValueError")).toBeDefined();
    expect(screen.queryByRole("button", { name: "Show where the code failed" })).toBeNull();
  });

  it("says why it cannot be had", async () => {
    const { told } = await failing(true);
    told.mockReturnValue(Promise.reject(new Error("No host keeps a stack of this node.")));
    fireEvent.click(screen.getByRole("button", { name: "Show where the code failed" }));
    expect(await screen.findByText("No host keeps a stack of this node.")).toBeDefined();
  });
});

describe("messages of a node", () => {
  it("shows how long they took, what waits, and watches a port", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    act(() => flow.editor.select({ nodes: ["a"] }));
    fireEvent.click(screen.getByRole("tab", { name: "Messages" }));
    const stats = { count: 9, in_flight: 3, waiting: 2 };
    act(() => flow.show({ nodes: { a: { stats, latency: [0, 0, 0, 5, 4, 0, 0, 0, 0, 0, 0, 0] } } }));
    expect(screen.getByText("How long the messages of the last seconds took")).toBeDefined();
    expect(screen.getByText(/2 wait for the state/)).toBeDefined();
    const [first] = screen.getAllByRole("button", { name: "Watch" });
    fireEvent.click(first as HTMLElement);
    expect(flow.live.taps.watched.get()).toEqual([["a", "in"]]);
    fireEvent.click(screen.getByRole("button", { name: "Watched" }));
    expect(flow.live.taps.watched.get()).toEqual([]);
  });
});

describe("a wire", () => {
  it("shows what waits, what was sent and what arrived, and watches where it sets out", async () => {
    const flow = await openFlow({ nodes: [node("a"), node("b")], edges: [edge("e", "a", "b")] });
    act(() => flow.editor.select({ edges: ["e"] }));
    act(() =>
      flow.show({
        nodes: { a: { last: { value: { value: 7 } } }, b: { last: { in: { amount: 7 } } } },
        edges: { e: { count: 3, in_flight: 40, queued: 12, p95_ms: 8 } },
      }),
    );
    expect(screen.getByLabelText("Sent from value").textContent).toContain('"value": 7');
    expect(screen.getByLabelText("Arrived at in").textContent).toContain('"amount": 7');
    expect(await screen.findByRole("button", { name: "Use as test" })).toBeDefined();
    expect(screen.getByText("Waiting").nextElementSibling?.textContent).toBe("12");
    fireEvent.click(screen.getByRole("button", { name: "Watch" }));
    expect(flow.live.taps.watched.get()).toEqual([["a", "value"]]);
  });

  it("leads from its error to the node where it happened", async () => {
    const flow = await openFlow({ nodes: [node("a"), node("b")], edges: [edge("e", "a", "b")] });
    act(() => flow.editor.select({ edges: ["e"] }));
    act(() => flow.show({ edges: { e: { error: { ...error, node: "p.common-v1.counter-b" } } } }));
    fireEvent.click(screen.getByRole("button", { name: "Go to b" }));
    expect([...flow.editor.selection.get().nodes]).toEqual(["b"]);
  });
});

describe("a field that somebody is sent to", () => {
  it("gets the focus, on whatever tab one was", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    act(() => flow.editor.select({ nodes: ["a"] }));
    fireEvent.click(screen.getByRole("tab", { name: "Messages" }));
    act(() => fieldWish.set({ pointer: "/start" }));
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Start")));
  });
});
