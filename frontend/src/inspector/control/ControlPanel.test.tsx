import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Component, Schema } from "../../core/types";
import { drafts } from "../drafts";
import { counter, node, openFlow, port } from "../testFlow";
import { forgetSeries } from "./chart/series";

afterEach(() => {
  cleanup();
  forgetSeries();
});

const CONTROL: Schema = {
  type: "object",
  properties: {
    depth: { type: "integer", title: "Depth", readonly: true, chart: "line", propertyOrder: 1 },
    rate: { type: "number", title: "Rate", readonly: true, chart: "sparkline", propertyOrder: 2 },
    speed: { type: "integer", title: "Speed", format: "range", minimum: 0, maximum: 10, default: 2 },
    secretly: { type: "boolean", title: "Never shown", hidden: true },
    note: { type: "string", title: "Note", maxLength: 5 },
    purge: { type: "boolean", format: "button", title: "Purge", confirm: "All messages are thrown away." },
    send: { type: "boolean", format: "button", title: "Send" },
  },
};

async function panel(
  presses?: () => Promise<Record<string, { by: string; at: string }>>,
  available = true,
  id = "a",
) {
  const component: Component = {
    ...counter,
    ports: [port("_settings", false, { type: "object" }), port("_control", true, CONTROL)],
  };
  const flow = await openFlow({
    nodes: [node(id)],
    components: [component],
    available,
    ...(presses ? { presses } : {}),
  });
  act(() => flow.editor.select({ nodes: [id] }));
  return flow;
}

const purge = () => screen.getByRole("button", { name: "Purge" });

describe("a dangerous button", () => {
  it("asks first, in its author's words, and is not pressed when one says no", async () => {
    const flow = await panel();
    fireEvent.click(purge());
    const dialog = screen.getByRole("dialog", { name: "Purge?" });
    expect(within(dialog).getByText("All messages are thrown away.")).toBeDefined();
    expect(document.activeElement).toBe(within(dialog).getByRole("button", { name: "Cancel" }));
    fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(flow.press).not.toHaveBeenCalled();
  });

  it("is pressed when one says yes; what failed says why and can be tried again", async () => {
    const flow = await panel();
    fireEvent.click(purge());
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Purge" }));
    await screen.findByText("Waiting for the node");
    expect(flow.press).toHaveBeenCalledWith("a", { purge: true }, expect.any(String));
    act(() => flow.editor.controlEnded("signal", "failed", { code: "x", message: "The pump is stuck" }));
    await screen.findByText("The pump is stuck");
    fireEvent.click(screen.getByRole("button", { name: "Try again to press Purge" }));
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Purge" }));
    await waitFor(() => expect(flow.press).toHaveBeenCalledTimes(2));
    const keys = flow.press.mock.calls.map(([, , key]) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe("what was typed last", () => {
  const type = (text: string) =>
    fireEvent.change(screen.getByRole("textbox", { name: "Note" }), { target: { value: text } });

  it("goes along, though the button is pressed at once", async () => {
    const flow = await panel(undefined, true, "late");
    type("late");
    fireEvent.blur(screen.getByRole("textbox", { name: "Note" }));
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(flow.press).toHaveBeenCalled());
    expect(flow.press).toHaveBeenCalledWith("late", { note: "late", send: true }, expect.any(String));
  });

  it("is to be corrected first, where it is wrong", async () => {
    const flow = await panel(undefined, true, "long");
    const errors = [{ pointer: "/note", message: "at most 5 characters" }];
    act(() => {
      drafts.write("control:long", { phase: "held", path: ["note"], value: "far too long", errors });
    });
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    await screen.findByText("Correct what is marked above, then press again");
    expect(flow.press).not.toHaveBeenCalled();
  });
});

describe("who pressed last", () => {
  it("is said beside the button, and asked again when a press ended", async () => {
    let by = "Ada";
    const presses = vi.fn(() =>
      Promise.resolve({ purge: { by, at: new Date(Date.now() - 125_000).toISOString() } }),
    );
    const flow = await panel(presses);
    expect(await screen.findByText("2 min ago")).toBeDefined();
    expect(screen.getByText(/Ada/)).toBeDefined();
    by = "Grace";
    act(() => flow.live.controls.notify(["a"]));
    expect(await screen.findByText(/Grace/)).toBeDefined();
  });
});

describe("live numbers over time", () => {
  it("are drawn for eyes, told in a sentence and listed in a table", async () => {
    const flow = await panel();
    act(() => flow.show({ nodes: { a: { control: { depth: 3, rate: 0.5 } } } }));
    act(() => flow.show({ nodes: { a: { control: { depth: 8, rate: 0.5 } } } }));
    expect(await screen.findByText(/Depth: Now 8; lowest 3, highest 8 in the last/)).toBeDefined();
    expect(screen.getByText(/Rate: 0.5, unchanged in the last/)).toBeDefined();
    const table = screen.getByText(/of Depth as a table/).closest("details");
    const cells = within(table as HTMLElement).getAllByRole("cell", { hidden: true });
    expect(cells.map(({ textContent }) => textContent).filter((text) => /^\d$/.test(text))).toEqual([
      "8",
      "3",
    ]);
    expect(screen.queryByText(/of Rate as a table/)).toBeNull();
  });
});

describe("fields", () => {
  it("are left out when hidden, and slid where they have two ends", async () => {
    const flow = await panel();
    expect(screen.queryByText("Never shown")).toBeNull();
    const slider = screen.getByRole<HTMLInputElement>("slider", { name: "Speed" });
    fireEvent.change(slider, { target: { value: "7" } });
    fireEvent.pointerUp(slider);
    await waitFor(() => expect(screen.getByText("7")).toBeDefined());
    fireEvent.click(purge());
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Purge" }));
    await waitFor(() =>
      expect(flow.press).toHaveBeenCalledWith("a", { speed: 7, purge: true }, expect.any(String)),
    );
  });
});

it("says that nobody runs the module, instead of the last state that was heard of", async () => {
  const flow = await panel(undefined, false);
  act(() => flow.show({ nodes: { a: { state: "running", control: { depth: 3 } } } }));
  expect(screen.getByText("Nobody runs common-v1 now: the values are the last ones.")).toBeDefined();
  expect(screen.queryByText("Running")).toBeNull();
});
