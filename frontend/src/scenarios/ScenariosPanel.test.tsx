import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { choose } from "./chosen";
import { openedScenario } from "./opened";
import { ScenariosPanel } from "./ScenariosPanel";
import { scenariosOf } from "./store";
import type { Scenario } from "./types";

/** What the server keeps, and the requests that it was sent: `METHOD last/steps`. */
let kept: Scenario[];
let asked: string[];

function answer(method: string, path: string, body: Partial<Scenario>): unknown {
  if (path.includes("/sample")) return { data: { count: 0 } };
  if (method === "GET") return { scenarios: kept, next: null };
  const id = path.split("/").at(-1) ?? "";
  if (method === "POST") kept = [...kept, { ...aScenario(""), ...body }];
  if (method === "DELETE") kept = kept.filter((one) => one.id !== id);
  if (method === "PUT")
    kept = kept.map((one) => (one.id === id ? { ...one, ...body, rev: one.rev + 1 } : one));
  return kept.find((one) => one.id === (body.id ?? id)) ?? { id };
}

function aScenario(id: string, more: Partial<Scenario> = {}): Scenario {
  return { id, name: `Scenario ${id}`, rev: 1, created_by: "Ada", ports: [], ...more };
}

beforeEach(() => {
  asked = [];
  kept = [aScenario("s1", { ports: [{ node: "n-1", port: "out", data: { count: 3 } }] })];
  vi.stubGlobal("fetch", (url: string, { method, body }: RequestInit) => {
    asked.push(`${method ?? ""} ${url.split("/").slice(4).join("/")}`);
    const sent = (typeof body === "string" ? JSON.parse(body) : {}) as Partial<Scenario>;
    return Promise.resolve(new Response(JSON.stringify(answer(method ?? "", url, sent))));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  openedScenario.set(null);
});

async function open(can = { edit: true, control: true }) {
  const server = new FakeServer([aNode("n-1", { label: "Orders" })]);
  const load = server.api.load.bind(server.api);
  server.api.load = async () => ({ ...(await load()), can });
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const flow = editor.flow.get().id;
  choose(flow, null);
  await scenariosOf(flow).load();
  render(
    <FlowProvider value={{ editor, live: new LiveStore((run) => run()), checks: noChecks(), runs: noRuns }}>
      <ScenariosPanel onClose={() => undefined} />
    </FlowProvider>,
  );
  return { editor, store: scenariosOf(flow) };
}

it("shows the messages of a scenario by node and port, and uses it for checks when asked", async () => {
  const { store } = await open();
  fireEvent.click(await screen.findByRole("button", { name: /Scenario s1/ }));
  expect(screen.getByRole("button", { name: /^Orders out/ })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Use for checks" }));
  expect(store.chosen.get()).toBe("s1");
  expect(store.sampleOf("n-1", "out")).toEqual({ count: 3 });
  expect(screen.getByText(/checked with the chosen scenario/)).toBeTruthy();
});

it("renames in place, and gives an edit up on Escape", async () => {
  const { store } = await open();
  fireEvent.click(await screen.findByRole("button", { name: /Scenario s1/ }));
  const name = screen.getByRole<HTMLInputElement>("textbox", { name: "Name of the scenario" });
  fireEvent.change(name, { target: { value: "Never" } });
  fireEvent.keyDown(name, { key: "Escape" });
  expect(name.value).toBe("Scenario s1");
  fireEvent.change(name, { target: { value: "A good day" } });
  await act(async () => {
    fireEvent.blur(name);
    await Promise.resolve();
  });
  await vi.waitFor(() => expect(store.find("s1")).toMatchObject({ name: "A good day", rev: 2 }));
});

it("brings a deleted scenario back", async () => {
  const { editor, store } = await open();
  fireEvent.click(await screen.findByRole("button", { name: /Scenario s1/ }));
  fireEvent.click(screen.getByRole("button", { name: "Delete Scenario s1" }));
  await vi.waitFor(() => expect(editor.notices.get().at(-1)?.action?.label).toBe("Undo"));
  expect(store.listed.get().scenarios).toEqual([]);
  await act(async () => {
    editor.notices.get().at(-1)?.action?.run();
    await Promise.resolve();
  });
  await vi.waitFor(() => expect(store.listed.get().scenarios).toHaveLength(1));
  expect(store.listed.get().scenarios[0]?.ports).toEqual([{ node: "n-1", port: "out", data: { count: 3 } }]);
});

it("lets a reader choose, not change", async () => {
  await open({ edit: false, control: false });
  fireEvent.click(await screen.findByRole("button", { name: /Scenario s1/ }));
  const detail = within(screen.getByRole("region", { name: "Scenario s1" }));
  expect(detail.getByRole("button", { name: "Use for checks" })).toBeTruthy();
  expect(detail.queryByRole("button", { name: /Delete|Add a message|Leave out/ })).toBeNull();
  expect(screen.queryByRole("button", { name: "New scenario" })).toBeNull();
  expect(asked.filter((request) => !request.startsWith("GET"))).toEqual([]);
});
