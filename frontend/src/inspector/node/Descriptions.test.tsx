import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { counter, node, openFlow, port } from "../testFlow";

const message = { "x-id": "common-v1#message", title: "Message", configurable: true };
const open = port("in", false, {
  $defs: { Message: message },
  type: "object",
  properties: { context: { $ref: "#/$defs/Message" } },
});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const settle = (time = 500) => act(() => vi.advanceTimersByTimeAsync(time));

async function describeMessage(schemas = {}) {
  const component = { ...counter, ports: [...counter.ports.filter(({ name }) => name !== "in"), open] };
  const flow = await openFlow({ nodes: [node("a", { schemas })], components: [component] });
  act(() => flow.editor.selection.set({ nodes: new Set(["a"]), edges: new Set() }));
  const region = screen.getByRole("region", { name: "Messages described" });
  fireEvent.click(within(region).getByRole("button", { name: "Describe Message" }));
  await act(() => vi.dynamicImportSettled());
  await settle();
  return { flow, region };
}

describe("an open message", () => {
  it("is said as a list of fields", async () => {
    const { flow, region } = await describeMessage();
    fireEvent.click(within(region).getByRole("button", { name: "Add to Fields" }));
    await settle();
    fireEvent.change(within(region).getByRole("textbox", { name: /^Name/ }), { target: { value: "order" } });
    // Whoever saves at once saves what was typed.
    fireEvent.click(within(region).getByRole("button", { name: "Save" }));
    await settle();
    expect(flow.ops()).toEqual([
      {
        op: "set_schema",
        id: "a",
        port: "in",
        definition: "common-v1#message",
        schema: { type: "object", properties: { order: { type: "string" } } },
      },
    ]);
    expect(region.textContent).toContain("1 field described");
  });

  it("is no longer said", async () => {
    const said = { in: { "common-v1#message": { type: "object", properties: { a: { type: "string" } } } } };
    const { flow, region } = await describeMessage(said);
    fireEvent.click(within(region).getByRole("button", { name: "Say nothing" }));
    await settle();
    expect(flow.ops()).toEqual([{ op: "set_schema", id: "a", port: "in", definition: "common-v1#message" }]);
    expect(region.textContent).toContain("not described yet");
  });
});
