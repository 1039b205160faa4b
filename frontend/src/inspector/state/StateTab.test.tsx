import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../../core/testing";
import type { Problem } from "../../core/types";
import { FlowProvider } from "../../live/context";
import { LiveStore } from "../../live/store";
import { noChecks, noRuns } from "../../live/testing";
import type { NodeStateTold, StateField } from "./stateApi";
import StateTab from "./StateTab";

const NUMBER: StateField = {
  name: "value",
  key: "counter-value",
  title: "Value",
  schema: { type: "integer" },
  secret: false,
  editable: true,
  value: 7,
  bytes: 1,
  cut: false,
  digest: "d7",
};
const SECRET: StateField = {
  ...{ name: "word", key: "word", title: "Word", schema: { type: "string" } },
  ...{ secret: true, editable: false, set: true },
};
const LONG: StateField = {
  ...{ name: "log", key: "log", title: "Log", secret: false, editable: true },
  ...{ schema: { type: "array", items: { type: "string" } }, digest: "dl" },
  ...{ beginning: '["a', bytes: 9000, cut: true },
};
const WHOLE: NodeStateTold = {
  ...{ running: true, host: "h1", leads: true, kept: true, stored: true, persistent: true },
  ...{ epoch: 2, version: 5, error: null, since: 1_700_000_000_000 },
  fields: [NUMBER, SECRET, LONG],
  history: [
    {
      ...{ epoch: 2, version: 5, at: 1_700_000_001_000, count: 1 },
      by: { kind: "person", name: "Ada" },
      changed: [{ field: "value", value: 7 }, { field: "log" }],
    },
    {
      ...{ epoch: 2, version: 4, at: 1_700_000_000_500, count: 3 },
      by: { kind: "message", node: "n-1" },
      changed: [],
    },
  ],
};

let told: NodeStateTold;
let sent: unknown[];
let ending: { state: string; problem: Problem | null };

beforeEach(() => {
  told = WHOLE;
  sent = [];
  ending = { state: "done", problem: null };
  vi.stubGlobal("fetch", (url: string, { method, body }: RequestInit) => {
    const answer = (value: unknown) => Promise.resolve(new Response(JSON.stringify(value)));
    if (method === "POST") {
      sent.push(JSON.parse(String(body)));
      return answer({ id: "s1" });
    }
    if (url.includes("/signals/")) return answer(ending);
    if (url.endsWith("/state/log")) return answer({ ...LONG, cut: false, value: ["a", "b"] });
    return answer(told);
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(can = { edit: true, control: true }) {
  const server = new FakeServer([aNode("n-1", { label: "Orders" })]);
  const load = server.api.load.bind(server.api);
  server.api.load = async () => ({ ...(await load()), can });
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  render(
    <FlowProvider value={{ editor, live: new LiveStore((run) => run()), checks: noChecks(), runs: noRuns }}>
      <StateTab node="n-1" />
    </FlowProvider>,
  );
}

const field = async (name: string) => within(await screen.findByRole("region", { name }));

async function write(text: string): Promise<void> {
  fireEvent.click((await field("Value")).getByRole("button", { name: "Edit Value" }));
  fireEvent.change(screen.getByLabelText("New value of Value"), { target: { value: text } });
  fireEvent.click(screen.getByRole("button", { name: "Set …" }));
}

it("shows every field with its type, a secret only as set, and who changed it when", async () => {
  await open();
  const number = await field("Value");
  expect(number.getByText("7")).toBeTruthy();
  expect(number.getByText("integer")).toBeTruthy();
  const secret = await field("Word");
  expect(secret.getByText("Set")).toBeTruthy();
  expect(secret.queryByRole("button")).toBeNull();
  expect(screen.getByText("Version 5 of epoch 2, stored.")).toBeTruthy();
  const history = within(screen.getByRole("region", { name: "Last changes of the state" }));
  expect(history.getByText("Ada")).toBeTruthy();
  expect(history.getByText(/a message of Orders/).textContent).toContain("3 changes");
});

it("shows the beginning of a large value, and all of it when asked", async () => {
  await open();
  const log = await field("Log");
  expect(log.getByLabelText("Log, its beginning").textContent).toBe('["a …');
  fireEvent.click(log.getByRole("button", { name: "Show all" }));
  await vi.waitFor(() => expect(JSON.parse(log.getByLabelText("Log").textContent)).toEqual(["a", "b"]));
});

it("sets a field after a second word, with what the person had seen", async () => {
  await open();
  await write("40");
  expect(sent).toEqual([]);
  const dialog = within(screen.getByRole("alertdialog"));
  await act(async () => {
    fireEvent.click(dialog.getByRole("button", { name: "Set it" }));
    await Promise.resolve();
  });
  await vi.waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(sent).toEqual([{ field: "value", value: 40, was: "d7" }]);
});

it("keeps what was written where the leader refuses it, and says why", async () => {
  await open();
  const message = "value has changed since you looked";
  ending = { state: "failed", problem: { code: "state_changed", message } };
  await write("40");
  await act(async () => {
    fireEvent.click(screen.getByRole("button", { name: "Set it" }));
    await Promise.resolve();
  });
  expect(await screen.findByText(message)).toBeTruthy();
  expect(screen.getByLabelText<HTMLTextAreaElement>("New value of Value").value).toBe("40");
});

it("asks for nothing that is no value, nor for what the browser would round", async () => {
  await open();
  await write("forty");
  expect(screen.getByText(/This is no JSON/)).toBeTruthy();
  const text = screen.getByLabelText("New value of Value");
  fireEvent.change(text, { target: { value: '[{"at": 1795662882668772001}]' } });
  fireEvent.click(screen.getByRole("button", { name: "Set …" }));
  expect(screen.getByText(/a browser rounds/)).toBeTruthy();
  expect(screen.queryByRole("alertdialog")).toBeNull();
});

it("lets those look who may not edit, and nobody edit what nobody leads", async () => {
  await open({ edit: false, control: false });
  expect((await field("Value")).queryByRole("button", { name: /Edit/ })).toBeNull();
  cleanup();
  told = { ...WHOLE, leads: false };
  await open();
  expect((await field("Value")).queryByRole("button", { name: /Edit/ })).toBeNull();
  expect(screen.getByText(/No host leads the node now/)).toBeTruthy();
});

it("says that a node keeps nothing", async () => {
  told = { ...WHOLE, kept: false, fields: [], history: [] };
  await open();
  expect(await screen.findByText("No state")).toBeTruthy();
});
