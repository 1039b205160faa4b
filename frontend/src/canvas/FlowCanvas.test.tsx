import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";
import { Editor } from "../core/editor";
import { aNode, anEdge, aPort, FakeKeeper, FakeServer } from "../core/testing";
import type { Verdict } from "../core/types";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { checksSaying, noRuns } from "../live/testing";
import { FlowCanvas } from "./FlowCanvas";

const debug = {
  ...{
    module: "common-v1",
    name: "debug",
    title: "Debug",
    description: "",
    category: "",
    icon: "",
    tags: [],
  },
  ports: [aPort("in", false), aPort("out", true)],
};

async function openCanvas(can = { edit: true, control: true }, verdicts: Record<string, Verdict> = {}) {
  const server = new FakeServer(
    [aNode("a", { comment: "Counts visits" }), aNode("b", { x: 288 })],
    [anEdge("ab", "a", "b")],
  );
  server.document = { ...server.document, can };
  const catalogue = () => Promise.resolve({ modules: [], components: [debug] });
  const editor = new Editor({ ...server.api, catalogue }, new FakeKeeper());
  const live = new LiveStore((run) => run());
  const checks = checksSaying(verdicts);
  await editor.open();
  render(
    <FlowProvider value={{ editor, live, checks, runs: noRuns }}>
      <FlowCanvas editor={editor} />
    </FlowProvider>,
  );
  const ops = () => server.received.flatMap((batch) => batch.ops ?? []);
  return { editor, live, checks, ops };
}

const wire = () => screen.findByRole("group", { name: "Wire from a, out, to b, in" });

let faults: MockInstance<typeof console.error>;

beforeEach(() => {
  faults = vi.spyOn(console, "error");
});

afterEach(() => {
  cleanup();
  // What React finds wrong with what it is given, such as places that are no numbers.
  expect(faults.mock.calls).toEqual([]);
});

describe("a wire", () => {
  it("is selected by a click, not deleted", async () => {
    const { editor, ops } = await openCanvas();
    fireEvent.click(await wire());
    expect([...editor.selection.get().edges]).toEqual(["ab"]);
    expect(ops()).toEqual([]);
  });

  it("can be deleted by its own button only while it is what is selected", async () => {
    const { editor, ops } = await openCanvas();
    await wire();
    expect(screen.queryByLabelText("Delete this wire")).toBeNull();
    act(() => editor.select({ edges: ["ab"] }));
    fireEvent.click(await screen.findByLabelText("Delete this wire"));
    await waitFor(() => expect(ops()).toEqual([{ op: "delete_edge", id: "ab" }]));
  });

  it("has no such button for those who may only look", async () => {
    const { editor } = await openCanvas({ edit: false, control: false });
    await wire();
    act(() => editor.select({ edges: ["ab"] }));
    expect(screen.queryByLabelText("Delete this wire")).toBeNull();
  });

  it("says its error in words", async () => {
    const { live } = await openCanvas();
    const error = { code: "mapping", message: "No such field: total" };
    await wire();
    act(() => live.merge({ full: false, nodes: {}, edges: { ab: { error } } }));
    expect(screen.getAllByText("No such field: total").map(({ tagName }) => tagName.toLowerCase())).toContain(
      "title",
    );
  });
});

describe("what is said of a wire's mapping", () => {
  const finding = { code: "required", message: "amount is required", field: "/amount" };

  async function judged(level: "invalid" | "unverifiable") {
    const flow = await openCanvas(undefined, { ab: { outcome: level, findings: [{ level, ...finding }] } });
    await wire();
    flow.checks.refresh();
    return flow;
  }

  it("stands on it in a word, with the reason", async () => {
    await judged("invalid");
    expect(await screen.findByText("Mapping")).toBeDefined();
    expect(screen.getByText("amount is required").tagName.toLowerCase()).toBe("title");
  });

  it("makes room for what really goes wrong, and for the rate where it is only a doubt", async () => {
    const { live } = await judged("unverifiable");
    expect(await screen.findByLabelText("Mapping cannot be verified")).toBeDefined();
    act(() => live.merge({ full: false, nodes: {}, edges: { ab: { rate: 3 } } }));
    expect(screen.queryByLabelText("Mapping cannot be verified")).toBeNull();
    act(() => live.merge({ full: false, nodes: {}, edges: { ab: { error: { code: "x", message: "No" } } } }));
    expect(screen.getByText("Error")).toBeDefined();
  });

  it("is nothing where it fits", async () => {
    const { checks } = await openCanvas(undefined, { ab: { outcome: "valid", findings: [] } });
    await wire();
    checks.refresh();
    await waitFor(() => expect(checks.verdict("ab")).toBeDefined());
    expect(document.querySelector(".wire__chip")).toBeNull();
  });
});

describe("the canvas", () => {
  it("describes a card that has the focus by what its node says", async () => {
    const { live } = await openCanvas();
    const card = await screen.findByRole("group", { name: "a, debug, 1 input, 1 output" });
    const error = { code: "x", message: "No leader; start the module" };
    act(() => live.merge({ full: false, nodes: { a: { error } }, edges: {} }));
    const described = (card.getAttribute("aria-describedby") ?? "").split(" ");
    const [state, line] = described.map((id) => document.getElementById(id));
    expect(state?.getAttribute("aria-label")).toBe("Error");
    expect(line?.textContent).toBe("No leader; start the module");
  });

  it("has one place where Tab stops beside the canvas itself: what is selected", async () => {
    const { editor } = await openCanvas();
    await wire();
    const stops = () => document.querySelectorAll(":is(.react-flow__node, .react-flow__edge)[tabindex='0']");
    expect(stops()).toHaveLength(0);
    act(() => editor.select({ nodes: ["b"] }));
    expect([...stops()].map((stop) => stop.getAttribute("data-id"))).toEqual(["b"]);
  });

  it("leaves the arrow keys on a card to the actions", async () => {
    const { editor } = await openCanvas();
    await wire();
    act(() => editor.select({ nodes: ["b"] }));
    const card = screen.getByRole("group", { name: /^b,/ });
    expect(fireEvent.keyDown(card, { key: "ArrowLeft" })).toBe(true);
    expect(editor.graph.nodes.get("b")?.x).toBe(288);
  });

  it("shows a node's comment under its card, and within the budget of 15 elements", async () => {
    await openCanvas();
    expect(await screen.findByText("Counts visits")).toBeDefined();
    for (const card of document.querySelectorAll(".react-flow__node")) {
      expect(card.querySelectorAll("*").length + 1).toBeLessThanOrEqual(15);
    }
  });
});
