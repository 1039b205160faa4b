import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { drafts } from "./drafts";
import { counter, edge, node, openFlow, port } from "./testFlow";

type Flow = Awaited<ReturnType<typeof openFlow>>;
const select = (flow: Flow, ...nodes: string[]) => act(() => flow.editor.select({ nodes }));

beforeEach(() => {
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  for (const form of ["settings:a", "settings:b", "control:a"]) {
    for (const draft of drafts.of(form)) drafts.drop(form, draft.path);
  }
});

describe("with nothing selected", () => {
  it("sums the flow up and leads to what is wrong", async () => {
    const flow = await openFlow({ nodes: [node("a"), node("b")], edges: [edge("e", "a", "b")] });
    expect(screen.getByText("2 nodes · 1 wire")).toBeDefined();
    const keys = screen.getAllByRole("term").map(({ textContent }) => textContent);
    expect(keys).toEqual(["/", "Del", "CtrlZ", "CtrlShiftZ", "F"]);
    act(() => flow.show({ nodes: { b: { error: { code: "x", message: "No leader" } } } }));
    fireEvent.click(await screen.findByText("No leader"));
    expect([...flow.editor.selection.get().nodes]).toEqual(["b"]);
  });
});

describe("with one node selected", () => {
  it("renames it in place", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    const name = screen.getByLabelText("Name");
    fireEvent.change(name, { target: { value: "Visits" } });
    fireEvent.blur(name);
    await waitFor(() =>
      expect(flow.ops()).toEqual([{ op: "set_node", id: "a", fields: { label: "Visits" } }]),
    );
  });

  it("sends a comment that was being typed when another node is selected", async () => {
    const flow = await openFlow({ nodes: [node("a"), node("b")] });
    select(flow, "a");
    fireEvent.change(screen.getByLabelText("Comment"), { target: { value: "Why" } });
    select(flow, "b");
    await waitFor(() =>
      expect(flow.ops()).toEqual([{ op: "set_node", id: "a", fields: { comment: "Why" } }]),
    );
  });

  it("puts what is watched and pressed above settings that fill the panel", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`f${at}`, { type: "string", title: `Field ${at}` }]),
    );
    const pressed = counter.ports.filter(({ name }) => name === "_control");
    const ports = [port("_settings", false, { type: "object", properties: many }), ...pressed];
    const flow = await openFlow({ nodes: [node("a")], components: [{ ...counter, ports }] });
    select(flow, "a");
    const setting = await screen.findByLabelText("Field 0");
    const panel = screen.getByRole("region", { name: "Control" });
    expect(panel.compareDocumentPosition(setting)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it("sends settings by their path", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    const start = screen.getByLabelText("Start");
    fireEvent.change(start, { target: { value: "5" } });
    fireEvent.keyDown(start, { key: "Enter" });
    await waitFor(() =>
      expect(flow.ops()).toEqual([{ op: "set_setting", id: "a", path: ["start"], value: 5 }]),
    );
  });

  it("keeps what the server refused, with its reason, over another selection", async () => {
    const flow = await openFlow({ nodes: [node("a"), node("b")] });
    select(flow, "a");
    flow.refuse("The name is taken");
    const name = screen.getByLabelText("Name of it");
    fireEvent.change(name, { target: { value: "mine" } });
    fireEvent.keyDown(name, { key: "Enter" });
    expect(await screen.findByText("The name is taken")).toBeDefined();
    select(flow, "b");
    expect(screen.getByLabelText<HTMLInputElement>("Name of it").value).toBe("");
    select(flow, "a");
    expect(screen.getByLabelText<HTMLInputElement>("Name of it").value).toBe("mine");
    expect(screen.getByText("The name is taken")).toBeDefined();
  });

  it("shows the running node's error, at its field too", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    const error = { code: "bad_start", message: "Start is below 0", field: "/start" };
    act(() => flow.show({ nodes: { a: { state: "error", error } } }));
    expect(screen.getByText("bad_start")).toBeDefined();
    const described = screen.getByLabelText("Start").getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(described)?.textContent).toBe("Start is below 0");
  });

  it("says what is not on the cluster, and why", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    act(() => flow.show({ nodes: { a: { push: { state: "pending", rev: 1, problem: null } } } }));
    expect(screen.getByText("Not yet on the cluster")).toBeDefined();
    const problem = { code: "forbidden", message: "The token may not write" };
    act(() => flow.show({ nodes: { a: { push: { state: "failed", rev: 1, problem } } } }));
    expect(screen.getByText("The token may not write")).toBeDefined();
  });

  it("shows the last message of each port", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    act(() => flow.show({ nodes: { a: { last: { value: { value: 3 } } } } }));
    fireEvent.click(screen.getByRole("tab", { name: "Messages" }));
    expect(screen.getByText(/"value": 3/)).toBeDefined();
    expect(screen.getByText("No message seen yet")).toBeDefined();
  });

  it("shows settings as JSON while its component is not known", async () => {
    const flow = await openFlow({ nodes: [node("a", { settings: { start: 3, old: 1 } })], components: [] });
    select(flow, "a");
    const json = screen.getByLabelText<HTMLTextAreaElement>("Value");
    expect(JSON.parse(json.value)).toEqual({ start: 3, old: 1 });
    fireEvent.change(json, { target: { value: '{"start": 4}' } });
    fireEvent.blur(json);
    await waitFor(() =>
      expect(flow.ops()).toEqual([
        { op: "set_setting", id: "a", path: ["start"], value: 4 },
        { op: "set_setting", id: "a", path: ["old"] },
      ]),
    );
  });

  it("is for reading only where one may only look", async () => {
    const flow = await openFlow({ nodes: [node("a")], can: { edit: false, control: false } });
    select(flow, "a");
    expect(screen.getByText(/You may look at this flow, not change it/)).toBeDefined();
    expect(screen.getByLabelText<HTMLInputElement>("Start").readOnly).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Reset counter" }).disabled).toBe(true);
  });
});

describe("the control panel", () => {
  it("updates live values in place", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    act(() => flow.show({ nodes: { a: { control: { value: 1283, updated: "now" } } } }));
    const reading = screen.getByLabelText("Current value");
    expect(reading.textContent).toBe("1\u00a0283");
    act(() => flow.show({ nodes: { a: { control: { value: 1284, updated: "now" } } } }));
    expect(screen.getByLabelText("Current value")).toBe(reading);
    expect(reading.textContent).toBe("1\u00a0284");
  });

  it("presses a button with what was typed beside it, and says that it is done", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    const step = screen.getByLabelText("Step");
    fireEvent.change(step, { target: { value: "7" } });
    fireEvent.keyDown(step, { key: "Enter" });
    await waitFor(() => expect(drafts.of("control:a")).toEqual([]));
    fireEvent.click(screen.getByRole("button", { name: "Reset counter" }));
    await screen.findByText("Waiting for the node");
    expect(flow.press).toHaveBeenCalledWith("a", { by: 7, reset: true }, expect.any(String));
    act(() => flow.editor.controlEnded("signal", "done", null));
    expect(await screen.findByText("Done")).toBeDefined();
  });

  it("is pressed once however often one clicks, and says why it failed", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    const button = screen.getByRole("button", { name: "Reset counter" });
    fireEvent.click(button);
    fireEvent.click(button);
    await screen.findByText("Waiting for the node");
    expect(flow.press).toHaveBeenCalledTimes(1);
    act(() => flow.editor.controlEnded("signal", "failed", { code: "no_leader", message: "Nobody leads" }));
    expect(await screen.findByText("Nobody leads")).toBeDefined();
  });
});

describe("with several selected", () => {
  it("deletes them, and not twice the wires that go along", async () => {
    const nodes = [node("a"), node("b"), node("c")];
    const flow = await openFlow({ nodes, edges: [edge("ab", "a", "b"), edge("bc", "b", "c")] });
    act(() => flow.editor.select({ nodes: ["a"], edges: ["ab", "bc"] }));
    fireEvent.click(screen.getByRole("button", { name: "Delete 1 node and 2 wires" }));
    await waitFor(() =>
      expect(flow.ops()).toEqual([
        { op: "delete_edge", id: "bc" },
        { op: "delete_node", id: "a" },
      ]),
    );
  });
});

describe("the panel", () => {
  it("is resized by keyboard within its limits, and remembers its width", async () => {
    await openFlow({});
    const handle = screen.getByRole("separator");
    fireEvent.keyDown(handle, { key: "ArrowLeft" });
    expect(handle.getAttribute("aria-valuenow")).toBe("376");
    fireEvent.keyDown(handle, { key: "Home" });
    fireEvent.keyDown(handle, { key: "ArrowLeft" });
    expect(handle.getAttribute("aria-valuenow")).toBe("640");
    cleanup();
    await openFlow({});
    expect(screen.getByRole("separator").getAttribute("aria-valuenow")).toBe("640");
  });

  it("keeps Delete on its buttons away from the canvas", async () => {
    const flow = await openFlow({ nodes: [node("a")] });
    select(flow, "a");
    let reached = false;
    const listen = () => (reached = true);
    window.addEventListener("keydown", listen);
    fireEvent.keyDown(screen.getByRole("button", { name: "Reset counter" }), { key: "Delete" });
    window.removeEventListener("keydown", listen);
    expect(reached).toBe(false);
  });
});

it("sends a name once, although Enter leaves the field too", async () => {
  const { editor, requests } = await openFlow({ nodes: [node("a")] });
  act(() => editor.select({ nodes: ["a"] }));
  const name = screen.getByLabelText("Name");
  act(() => name.focus());
  fireEvent.change(name, { target: { value: "Orders" } });
  fireEvent.keyDown(name, { key: "Enter" });
  await waitFor(() => expect(editor.graph.nodes.get("a")?.label).toBe("Orders"));
  expect(document.activeElement).not.toBe(name);
  expect(requests.flatMap(({ ops }) => ops)).toHaveLength(1);
});
