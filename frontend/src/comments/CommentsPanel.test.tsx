import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { Unreachable } from "../core/errors";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import { commentHints } from "../live/commentHints";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { CommentsPanel } from "./CommentsPanel";
import { shown } from "./shown";
import { Comments } from "./store";
import * as stores from "./store";
import { aComment, aThread, FakeComments } from "./testing";

afterEach(cleanup);
beforeEach(() => {
  shown.set({ filter: "open", place: null, writing: null });
  commentHints.wish.set(null);
});

async function openPanel(server: FakeComments, can = { edit: true, control: true }) {
  const flow = new FakeServer([aNode("a", { label: "Visits" }), aNode("b")], [anEdge("ab", "a", "b")]);
  flow.document = { ...flow.document, can };
  const editor = new Editor(flow.api, new FakeKeeper());
  await editor.open();
  const store = new Comments(server, commentHints);
  vi.spyOn(stores, "commentsOf").mockReturnValue(store);
  render(
    <FlowProvider value={{ editor, live: new LiveStore((run) => run()), checks: noChecks(), runs: noRuns }}>
      <CommentsPanel onClose={() => undefined} />
    </FlowProvider>,
  );
  await waitFor(() => expect(screen.queryByText("Loading …")).toBeNull());
  return { editor, store };
}

const rows = () => within(screen.getByRole("list", { name: "Threads" })).queryAllByRole("button");

it("lists open threads, resolved ones, and those of this person", async () => {
  const resolved = { by: "grace", at: "2026-01-01T00:00:00Z" };
  await openPanel(
    new FakeComments(
      aThread("open", { node: "a" }),
      aThread("done", { resolved }),
      aThread("mine", { node: "gone", label: "Old counter", mine: true }),
    ),
  );
  expect(rows().map((row) => row.textContent)).toEqual([
    expect.stringContaining("Deleted node Old counter"),
    expect.stringContaining("Visits"),
  ]);
  fireEvent.click(screen.getByRole("button", { name: "Resolved" }));
  expect(rows().map((row) => row.textContent)).toEqual([expect.stringContaining("The flow")]);
  fireEvent.click(screen.getByRole("button", { name: "Mine" }));
  expect(rows()).toHaveLength(1);
});

it("shows what was written and runs none of it", async () => {
  const text = '**Bold** <img src=x onerror="alert(1)"> [here](javascript:alert(2)) @ada <b>x</b>';
  const { store } = await openPanel(
    new FakeComments(aThread("t", { comments: [aComment("c", { text, mentions: ["ada"] })] })),
  );
  await act(() => store.open("t"));
  const said = (await screen.findByText("Bold")).closest(".comment__text") as HTMLElement;
  expect(said.querySelector("strong")?.textContent).toBe("Bold");
  expect(said.querySelector("img, a, script")).toBeNull();
  expect(said.textContent).toContain('<img src=x onerror="alert(1)">');
  expect([...said.querySelectorAll("b")].map((one) => one.textContent)).toEqual(["@ada"]);
});

it("offers names by keyboard, and sends what was written once", async () => {
  const server = new FakeComments();
  const { editor } = await openPanel(server);
  act(() => editor.select({ nodes: ["a"] }));
  fireEvent.click(screen.getByRole("button", { name: "Comment on Visits" }));
  const field = screen.getByLabelText<HTMLTextAreaElement>("Comment");
  fireEvent.change(field, { target: { value: "Ask @" } });
  field.setSelectionRange(5, 5);
  fireEvent.select(field);
  expect((await screen.findAllByRole("option")).map((one) => one.textContent)).toEqual(["ada", "grace"]);
  fireEvent.keyDown(field, { key: "ArrowDown" });
  expect(screen.getByRole("option", { name: "grace" }).getAttribute("aria-selected")).toBe("true");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(field.value).toBe("Ask @grace ");
  expect(screen.queryByRole("option")).toBeNull();
  fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await screen.findByLabelText("Answer");
  const [thread] = server.threadsById.values();
  expect([thread?.node, thread?.comments[0]?.text]).toEqual(["a", "Ask @grace "]);
});

it("keeps what could not be sent, says why, and tries again as the same comment", async () => {
  const server = new FakeComments(aThread("t"));
  const { store } = await openPanel(server);
  await act(() => store.open("t"));
  const sent: string[] = [];
  const reply = server.reply.bind(server);
  server.reply = (thread, id, text) => {
    sent.push(id);
    return sent.length === 1
      ? Promise.reject(new Unreachable("The server cannot be reached."))
      : reply(thread, id, text);
  };
  const field = screen.getByLabelText<HTMLTextAreaElement>("Answer");
  fireEvent.change(field, { target: { value: "Because." } });
  fireEvent.keyDown(field, { key: "Enter", metaKey: true });
  expect((await screen.findByRole("alert")).textContent).toContain("cannot be reached");
  expect(field.value).toBe("Because.");
  fireEvent.click(screen.getByRole("button", { name: "Answer" }));
  await waitFor(() => expect(field.value).toBe(""));
  expect(sent[0]).toBe(sent[1]);
});

it("lets a writer change and take back what they wrote, and asks before that", async () => {
  const comments = [aComment("mine"), aComment("theirs", { own: false, by: { id: 2, name: "grace" } })];
  const server = new FakeComments(aThread("t", { comments }));
  const { store } = await openPanel(server);
  await act(() => store.open("t"));
  expect(screen.getAllByRole("button", { name: "Edit" })).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  const field = screen.getByLabelText("Text of the comment");
  fireEvent.change(field, { target: { value: "Better" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  fireEvent.click(await screen.findByRole("button", { name: "Delete" }));
  expect(server.threadsById.get("t")?.comments[0]?.deleted).toBe(false);
  fireEvent.click(screen.getByRole("button", { name: "Delete for good" }));
  await screen.findByText("This comment was taken back.");
});

it("shows a viewer everything and offers nothing", async () => {
  const { store } = await openPanel(new FakeComments(aThread("t")), { edit: false, control: false });
  await act(() => store.open("t"));
  await screen.findByText(/You may read what others say/);
  for (const name of ["Edit", "Delete", "Resolve", "Answer"]) {
    expect(screen.queryByRole("button", { name })).toBeNull();
  }
  expect(screen.queryByRole("button", { name: /^Comment on/ })).toBeNull();
});

it("goes to what a badge asks for, and to what a link leads to", async () => {
  const server = new FakeComments(aThread("old", { node: "a" }), aThread("other", { edge: "ab" }));
  const { editor, store } = await openPanel(server);
  act(() => commentHints.wish.set({ at: { node: "a", edge: null } }));
  await waitFor(() => expect(store.opened.get()?.thread?.id).toBe("old"));
  expect(rows()).toHaveLength(1);
  fireEvent.click(screen.getByTitle("Show threads about anything"));
  expect(rows()).toHaveLength(2);
  act(() => commentHints.wish.set({ thread: "other", linked: true }));
  await waitFor(() => expect(editor.selection.get().edges.has("ab")).toBe(true));
  act(() => commentHints.wish.set({ thread: "never", linked: true }));
  await screen.findByText("This thread was deleted.");
});
