import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { shownPast } from "../live/past";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { PastBanner } from "./PastBanner";
import type { Diff, Listed } from "./types";
import { VersionsPanel } from "./VersionsPanel";

const BY = { id: 1, name: "Ada" };
const AT = "2026-01-01T10:00:00+00:00";

let listed: Listed;
let asked: [method: string, path: string, body: unknown][];
let refusal: { code: string; message: string; ways: string[] } | null;

const DIFF: Diff = {
  a: { ref: "v1", rev: 4, name: "Before" },
  b: { ref: "now", rev: 9, name: "Now" },
  items: [
    { kind: "node", id: "gone", outcome: "removed", title: "Gone", row: { ...structure("gone") } },
    {
      kind: "node",
      id: "a",
      outcome: "changed",
      title: "Orders",
      moved: false,
      only_moved: false,
      fields: [{ path: ["settings", "rules", 0], before: 1, after: 2 }],
    },
    { kind: "edge", id: "wire", outcome: "removed", title: "Gone.out → Orders.in", row: wire() },
  ],
  counts: { added: 0, removed: 2, changed: 1, moved: 0 },
  left: 0,
};

function structure(id: string) {
  const { settings: _settings, ...row } = aNode(id);
  return { ...row, foreign: null, shared: [] };
}

function wire() {
  const { mapping: _mapping, ...row } = anEdge("wire", "gone", "a");
  return { ...row } as unknown as Record<string, string>;
}

function answer(method: string, path: string, body: Record<string, unknown>): [number, unknown] {
  if (path.endsWith("/restore"))
    return refusal && body["rest"] !== true
      ? [409, { error: refusal }]
      : [200, { rev: 10, prev_rev: 9, ops: [], left: [] }];
  if (path.includes("/diff/")) return [200, DIFF];
  if (path.endsWith("/contents"))
    return [
      200,
      {
        rev: 9,
        nodes: Object.fromEntries(
          (body["nodes"] as string[]).map((id) => [
            id,
            { settings: { of: path.split("/").at(-2) ?? "" }, schemas: {} },
          ]),
        ),
        edges: {},
        left: [],
      },
    ];
  if (method === "GET" && path === "") return [200, listed];
  if (method === "GET") {
    const flow = { id: "f", name: "Visits", rev: 9, project: { id: "p", name: "Web" } };
    const ends = { can: { edit: false, control: false }, cluster: { state: "live", reason: "" } };
    const rows = { nodes: [structure("a")], edges: [], groups: [], notes: [] };
    return [200, { flow, ...rows, ...ends, past: { ref: "v1", rev: 4, name: "Before" } }];
  }
  if (method === "POST") {
    const made = { ...listed.versions[0], ...body, rev: 9 } as Listed["versions"][number];
    listed = { ...listed, versions: [made, ...listed.versions] };
    return [201, made];
  }
  listed = { ...listed, versions: [] };
  return [200, { id: "v1" }];
}

beforeEach(() => {
  asked = [];
  refusal = null;
  const version = {
    id: "v1",
    name: "Before",
    note: "It worked.",
    rev: 4,
    by: BY,
    at: AT,
    nodes: 2,
    edges: 1,
  };
  listed = {
    rev: 9,
    versions: [{ ...version, deletable: true }],
    points: [
      { ref: "r9", rev: 9, from: 5, by: BY, at: AT, since: AT, changes: 5 },
      { ref: "r4", rev: 4, from: 2, by: BY, at: AT, since: AT, changes: 3 },
    ],
    more: false,
  };
  vi.stubGlobal("fetch", (url: string, { method, body }: RequestInit) => {
    const path = url.split("/versions")[1] ?? "";
    const sent = (typeof body === "string" ? JSON.parse(body) : {}) as Record<string, unknown>;
    asked.push([method ?? "", path, sent]);
    const [status, told] = answer(method ?? "", path, sent);
    return Promise.resolve(new Response(JSON.stringify(told), { status }));
  });
});

afterEach(() => {
  act(() => shownPast.get()?.back());
  cleanup();
  vi.unstubAllGlobals();
});

async function open(can = { edit: true, control: true }) {
  const server = new FakeServer([aNode("a", { label: "Orders" })]);
  server.document = { ...server.document, can };
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  render(
    <FlowProvider value={{ editor, live: new LiveStore((run) => run()), checks: noChecks(), runs: noRuns }}>
      <VersionsPanel onClose={() => undefined} />
    </FlowProvider>,
  );
  await screen.findByText("Before");
  return editor;
}

const click = async (name: string | RegExp): Promise<void> => {
  await act(async () => {
    fireEvent.click(screen.getByRole("button", { name }));
    await Promise.resolve();
  });
};

it("lists names, and points that have none", async () => {
  await open();
  const rows = within(screen.getByRole("list", { name: "States of the flow" })).getAllByRole("button");
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining("5 changes by Ada"),
    expect.stringContaining("Before"),
  ]);
});

it("keeps the flow as it is under a name", async () => {
  await open();
  await click("Name the flow as it is");
  fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Launch" } });
  fireEvent.change(screen.getByLabelText("Note"), { target: { value: "At last." } });
  await click("Keep this version");
  expect(asked.find(([method]) => method === "POST")?.[2]).toMatchObject({
    name: "Launch",
    note: "At last.",
  });
  expect((await screen.findAllByText("Launch")).length).toBeGreaterThan(0);
});

it("looks at a state by itself, read-only, and goes back", async () => {
  const editor = await open();
  await click(/Before/);
  expect(screen.getByText("It worked.")).toBeTruthy();
  await click("Look at it");
  await vi.waitFor(() => expect(shownPast.get()?.title).toBe("Before"));
  const past = shownPast.get();
  expect(past?.flow.editor.can.get().edit).toBe(false);
  expect([...(past?.flow.editor.graph.nodes.keys() ?? [])]).toEqual(["a"]);
  past?.flow.editor.apply([{ op: "delete_node", id: "a" }], { label: "Delete" });
  expect(editor.notices.get().at(-1)?.message).toContain("not change it");
  expect(past?.flow.editor.graph.nodes.has("a")).toBe(true);
  await click("Look at it");
  expect(shownPast.get()).toBeNull();
});

it("compares with now: ghosts of what went, marks, and a way through the list", async () => {
  await open();
  await click(/Before/);
  await click("Compare with now");
  const list = await screen.findByRole("list", { name: "Differences" });
  expect(within(list).getAllByRole("button")).toHaveLength(3);
  const past = shownPast.get();
  expect(past?.differs.get("gone")).toBe("removed");
  expect([...(past?.flow.editor.graph.nodes.keys() ?? [])]).toEqual(["a", "gone"]);
  expect(past?.flow.editor.graph.edges.has("wire")).toBe(true);
  act(() => past?.step(1));
  act(() => past?.step(1));
  expect(screen.getByText("settings.rules[0]")).toBeTruthy();
  expect(past?.flow.editor.selection.get().nodes).toEqual(new Set(["a"]));
  act(() => past?.step(1));
  act(() => past?.step(1));
  expect(past?.flow.editor.selection.get().nodes).toEqual(new Set(["gone"]));
});

it("reads what a ghost held from where it still was", async () => {
  await open();
  await click(/Before/);
  await click("Compare with now");
  await screen.findByRole("list", { name: "Differences" });
  const editor = shownPast.get()?.flow.editor;
  await act(async () => {
    await editor?.load(["a", "gone"]);
  });
  expect(editor?.graph.nodes.get("a")?.settings).toEqual({ of: "now" });
  expect(editor?.graph.nodes.get("gone")?.settings).toEqual({ of: "v1" });
});

it("restores as a step that can be undone", async () => {
  const editor = await open();
  await click(/Before/);
  await click("Compare with now");
  await screen.findByRole("list", { name: "Differences" });
  await click("Restore");
  await vi.waitFor(() => expect(editor.history.get().undo).toBe("Restore Before"));
  expect(shownPast.get()).toBeNull();
  expect(editor.notices.get().at(-1)?.message).toBe("The flow is as it was: Before.");
});

it("says what cannot be as it was, and offers the rest", async () => {
  refusal = { code: "restore_incomplete", message: "Not all of it can be as it was.", ways: ["rest"] };
  const editor = await open();
  await click(/Before/);
  await click("Restore");
  await vi.waitFor(() => expect(editor.notices.get()).toHaveLength(1));
  const [notice] = editor.notices.get();
  expect(notice?.action?.label).toBe("Restore the rest");
  act(() => notice?.action?.run());
  await vi.waitFor(() => expect(editor.history.get().undo).toBe("Restore Before"));
});

it("leaves viewers the looking", async () => {
  await open({ edit: false, control: false });
  await click(/Before/);
  expect(screen.queryByRole("button", { name: "Restore" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Name the flow as it is" })).toBeNull();
  expect(screen.getByRole("button", { name: "Compare with now" })).toBeTruthy();
});

it("deletes a version that may be deleted", async () => {
  await open();
  await click(/Before/);
  await click("Delete Before");
  await vi.waitFor(() => expect(screen.queryByText("It worked.")).toBeNull());
  expect(asked.some(([method, path]) => method === "DELETE" && path === "/v1")).toBe(true);
});

it("says over the canvas what is looked at, and leads back", async () => {
  await open();
  await click(/Before/);
  await click("Compare with now");
  await vi.waitFor(() => expect(shownPast.get()).not.toBeNull());
  const past = shownPast.get();
  if (past) render(<PastBanner past={past} />);
  const banner = within(screen.getByRole("region", { name: "The past" }));
  expect(banner.getByRole("status").textContent).toContain("From Before to Now · 2 removed, 1 changed");
  fireEvent.click(banner.getByRole("button", { name: "Next difference" }));
  expect(banner.getByText("1 / 3")).toBeTruthy();
  fireEvent.click(banner.getByRole("button", { name: "Back to now" }));
  expect(shownPast.get()).toBeNull();
});
