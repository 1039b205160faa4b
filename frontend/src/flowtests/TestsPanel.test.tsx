import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import type { Port } from "../core/types";
import { FlowProvider } from "../live/context";
import { useReplayMark, useLit } from "../live/replay";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import type { TestsRun } from "../core/testsRun";
import { testHints } from "../live/testHints";
import { openedTest } from "./opened";
import { testsOf } from "./store";
import { TestsPanel } from "./TestsPanel";
import type { FlowTest, TestResult } from "./types";

/** What the server keeps, and the requests that it was sent: `METHOD last/steps`. */
let kept: FlowTest[];
let asked: string[];
let sent: unknown[];
let flowRev: number;
let flows = 0;
let stale: string[];
let run: TestsRun | null;

const FAILED: TestResult = {
  outcome: "failed",
  findings: [
    {
      at: "n-1.in",
      held: false,
      text: "it came differently",
      count: 1,
      differences: [{ pointer: "/n", expected: 2, came: 3 }],
      came: { n: 3, timestamp: "now" },
    },
  ],
  steps: [{ at: 0, wire: "w", from: "n-1.out", to: "n-1.in" }],
  wires: { w: 1 },
  messages: 2,
  seconds: 0.012,
  passed: 0,
};

function aTest(id: string, more: Partial<FlowTest> = {}): FlowTest {
  const body = { given: { at: "n-1.out", message: { n: 1 } }, expect: [{ at: "n-1.in", message: { n: 2 } }] };
  const never = { result: null, ran_at: null, ran_flow_rev: 0, ran_rev: 0 };
  return { id, name: `Test ${id}`, body, rev: 1, created_by: "Ada", ...never, ...more };
}

function answer(method: string, url: string, body: Partial<FlowTest>): unknown {
  const [path = ""] = url.split("?");
  const id = path.split("/").at(-1) ?? "";
  if (path.endsWith("/scenarios")) return { scenarios: [], next: null };
  const listed = () => ({
    flow_rev: flowRev,
    rev: 1,
    ids: kept.map((one) => one.id),
    stale,
    run,
    tests: kept,
  });
  if (id === "run") {
    stale = [];
    kept = kept.map((one) => ({
      ...one,
      result: FAILED,
      ran_at: "now",
      ran_rev: one.rev,
      ran_flow_rev: flowRev,
    }));
    return listed();
  }
  if (id === "stop") {
    run = run && { ...run, ended: "now", stopped_by: "Ada" };
    return listed();
  }
  if (method === "GET") return kept.find((one) => one.id === id) ?? listed();
  if (method === "POST") kept = [...kept, { ...aTest(""), ...body }];
  if (method === "DELETE") kept = kept.filter((one) => one.id !== id);
  if (method === "PUT")
    kept = kept.map((one) => (one.id === id ? { ...one, ...body, rev: one.rev + 1 } : one));
  return kept.find((one) => one.id === (body.id ?? id)) ?? { id };
}

beforeEach(() => {
  [asked, sent] = [[], []];
  flowRev = 7;
  [stale, run] = [[], null];
  kept = [aTest("t1")];
  vi.stubGlobal("fetch", (url: string, { method, body }: RequestInit) => {
    asked.push(`${method ?? ""} ${url.split("/").slice(4).join("/")}`);
    const said = (typeof body === "string" ? JSON.parse(body) : {}) as Partial<FlowTest>;
    sent.push(said);
    return Promise.resolve(new Response(JSON.stringify(answer(method ?? "", url, said))));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  openedTest.set(null);
});

function OnCanvas() {
  return (
    <output aria-label="card">
      {useLit("n-1") ?? "dark"} {useReplayMark("n-1")}
    </output>
  );
}

async function open(can = { edit: true, control: true }, nodes = [aNode("n-1", { label: "Orders" })]) {
  const server = new FakeServer(nodes);
  const load = server.api.load.bind(server.api);
  // What a page knows of a flow's tests outlives the panel: each of these is about another flow.
  flows += 1;
  server.api.load = async () => {
    const opened = await load();
    return { ...opened, flow: { ...opened.flow, id: `f${String(flows)}` }, can };
  };
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const out: Port = {
    name: "out",
    label: "Out",
    position: 1,
    source: true,
    schema: null,
    configuration: null,
  };
  const ports = [out, { ...out, name: "in", label: "In", source: false }];
  vi.spyOn(editor, "portsOf").mockImplementation((id) => (id === "n-1" ? ports : []));
  const store = testsOf(editor.flow.get().id);
  await store.load();
  render(
    <FlowProvider value={{ editor, live: new LiveStore((run) => run()), checks: noChecks(), runs: noRuns }}>
      <OnCanvas />
      <TestsPanel onClose={() => undefined} />
    </FlowProvider>,
  );
  return { editor, store };
}

it("runs tests, tells what came instead, and shows it on the canvas", async () => {
  await open();
  fireEvent.click(await screen.findByRole("button", { name: /Test t1/ }));
  expect(screen.getByText("Not run yet", { selector: ".strong" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Run" }));
  expect(await screen.findByText("Failed", { selector: ".strong" })).toBeTruthy();
  const row = within(screen.getByRole("table")).getByRole("row", { name: /\/n/ });
  expect(row.textContent).toBe("/n23");
  fireEvent.click(within(row).getByRole("button"));
  expect(document.activeElement?.closest("[data-pointer]")).not.toBeNull();
  expect(screen.getByText("0 of 1 test passed", { selector: "[role=status]" })).toBeTruthy();
  expect(screen.getByLabelText("card").textContent).toBe("failed Failed");
});

it("takes what came as what is expected, without what is another each time", async () => {
  const { store } = await open();
  await act(() => store.run(null));
  fireEvent.click(await screen.findByRole("button", { name: /Test t1/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Take what came as expected" }));
  await vi.waitFor(() => expect(kept[0]?.body.expect[0]).toEqual({ at: "n-1.in", message: { n: 3 } }));
  expect(await screen.findByText("Before the last edit")).toBeTruthy();
  expect(screen.queryByRole("table")).toBeNull();
});

it("reads all of a large result when its test is opened, and keeps it while the list tells a part", async () => {
  const cut = { ...FAILED, cut: true, findings: [], steps: [] };
  const ran = { ran_rev: 1, ran_at: "now" };
  kept = [aTest("t1", { result: cut, ...ran })];
  const { store } = await open();
  kept = [aTest("t1", { result: FAILED, ...ran })];
  fireEvent.click(await screen.findByRole("button", { name: /Test t1/ }));
  expect(await screen.findByRole("table")).toBeTruthy();
  expect(asked.filter((one) => one === "GET tests/t1")).toHaveLength(1);
  kept = [aTest("t1", { result: cut, ...ran, name: "Renamed", rev: 2, ran_rev: 2 })];
  await act(() => store.load());
  await screen.findByRole("button", { name: "Delete Renamed" });
  expect(screen.getByRole("table")).toBeTruthy();
});

it("shows the ways to the first test, and no button that would run none", async () => {
  kept = [];
  await open();
  const ways = within(await screen.findByRole("region", { name: "No tests yet" }));
  expect(ways.getAllByRole("button").map((one) => one.textContent)).toEqual([
    "From a run",
    "From a scenario",
    "From nothing",
  ]);
  expect(screen.getByRole("button", { name: "Run all" }).getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(ways.getByRole("button", { name: "From nothing" }));
  expect(await screen.findByRole("textbox", { name: "Name of the test" })).toBeTruthy();
  cleanup();
  openedTest.set(null);
  kept = [];
  await open({ edit: false, control: true });
  await screen.findByText("This flow has no tests yet. Whoever may edit it can make them.");
});

it("asks for a node first where there is none that a message could be given to", async () => {
  kept = [];
  await open({ edit: true, control: true }, []);
  await screen.findByText(/^This flow has no node yet/);
  expect(screen.queryByRole("button", { name: "From nothing" })).toBeNull();
});

it("tells of results from before the flow was edited", async () => {
  kept = [aTest("t1", { result: FAILED, ran_rev: 1, ran_flow_rev: 6 })];
  stale = ["t1"];
  await open();
  expect(await screen.findByText("edited since")).toBeTruthy();
  expect(
    screen.getByText("0 of 1 test passed, 1 before the last edit", { ignore: "[role=status]" }),
  ).toBeTruthy();
});

it("keeps a new test, adds to it, and brings a deleted one back", async () => {
  const { editor, store } = await open();
  fireEvent.click(await screen.findByRole("button", { name: "New test" }));
  const name = await screen.findByRole("textbox", { name: "Name of the test" });
  await vi.waitFor(() => expect(document.activeElement).toBe(name));
  expect(store.find(openedTest.get())?.body).toEqual({ given: { at: "n-1.out", message: {} }, expect: [] });
  fireEvent.click(screen.getByRole("button", { name: "Expect something" }));
  await vi.waitFor(() => expect(kept[1]?.body.expect).toEqual([{ at: "n-1.out", message: {} }]));
  fireEvent.change(screen.getByRole("combobox", { name: "What is expected" }), {
    target: { value: "error" },
  });
  await vi.waitFor(() => expect(kept[1]?.body.expect).toEqual([{ at: "n-1.out", error: true }]));
  fireEvent.click(screen.getByRole("button", { name: "Give another" }));
  await vi.waitFor(() => expect(kept[1]?.body.given).toHaveLength(2));
  fireEvent.click(screen.getByRole("button", { name: "Answer for a node" }));
  await vi.waitFor(() => expect(kept[1]?.body.answers).toEqual({ "n-1.out": {} }));
  fireEvent.click(screen.getByRole("button", { name: "Leave out" }));
  await vi.waitFor(() => expect(kept[1]?.body).not.toHaveProperty("answers"));
  fireEvent.click(screen.getByRole("button", { name: "Delete New test" }));
  await vi.waitFor(() => expect(kept).toHaveLength(1));
  await vi.waitFor(() => expect(editor.notices.get().at(-1)?.action?.label).toBe("Undo"));
  act(() => editor.notices.get().at(-1)?.action?.run());
  await vi.waitFor(() => expect(kept.at(-1)?.name).toBe("New test"));
});

it("lets operators run tests and viewers look at them", async () => {
  await open({ edit: false, control: true });
  expect(await screen.findByRole("button", { name: "Run all" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "New test" })).toBeNull();
  cleanup();
  await open({ edit: false, control: false });
  await screen.findByRole("button", { name: /Test t1/ });
  expect(screen.queryByRole("button", { name: "Run all" })).toBeNull();
});

const RUN: TestsRun = {
  id: "r",
  by: "ann@example.com",
  began: "",
  tests: ["t1", "t2", "t3"],
  done: 1,
  test: "t2",
  ended: null,
  problem: null,
  stopped_by: null,
};

it("tells how far a colleague's run is, stops it, and says how it ended", async () => {
  kept = [aTest("t1"), aTest("t2"), aTest("t3")];
  run = RUN;
  await open();
  expect(await screen.findByText("ann is running tests: 1 of 3 tests done")).toBeTruthy();
  const marks = ["t1", "t2", "t3"].map(
    (id) => screen.getByRole("button", { name: new RegExp(id) }).textContent,
  );
  expect(marks).toEqual(["Test t1Not run yet", "Test t2Running", "Test t3waitsWaits for its turn"]);
  fireEvent.click(screen.getByRole("button", { name: "Stop" }));
  expect(
    await screen.findByText("Stopped by Ada after 1 of 3 tests", { ignore: "[role=status]" }),
  ).toBeTruthy();
  expect(asked).toContain("POST tests/stop");
  const problem = { code: "runner_failed", message: "The process ended." };
  act(() => testHints.hear(100, { ...RUN, id: "s", done: 2, ended: "now", problem }));
  expect(
    await screen.findByText("Ended in “Test t2”, the 2nd of 3 tests: The process ended.", {
      ignore: "[role=status]",
    }),
  ).toBeTruthy();
});

it("runs all for whoever opens it by the command for that, once they are read", async () => {
  testHints.wish.set(true);
  await open();
  await vi.waitFor(() => expect(sent).toContainEqual({ tests: null }));
  expect(testHints.wish.get()).toBe(false);
});

it("runs those again that failed", async () => {
  const passed = { ...FAILED, outcome: "passed" } as const;
  kept = [aTest("t1", { result: passed, ran_rev: 1 }), aTest("t2", { result: FAILED, ran_rev: 1 })];
  await open();
  fireEvent.click(await screen.findByRole("button", { name: "Run 1 failed" }));
  await vi.waitFor(() => expect(sent).toContainEqual({ tests: ["t2"] }));
});

it("runs by itself what an edit made old, once, and nothing else", async () => {
  kept = [aTest("t1", { result: FAILED, ran_rev: 1 }), aTest("t2", { result: FAILED, ran_rev: 1 })];
  const { store } = await open();
  fireEvent.click(await screen.findByRole("button", { name: "After each edit" }));
  flowRev = 9;
  await act(() => store.load());
  const runs = () => asked.filter((one) => one === "POST tests/run");
  stale = ["t2"];
  await act(() => store.load());
  await vi.waitFor(() => expect(sent).toContainEqual({ tests: ["t2"] }), { timeout: 15_000 });
  expect(runs()).toHaveLength(1);
}, 20_000);
