import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { Unreachable } from "../core/errors";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import * as api from "./activityApi";
import { ActivityPanel } from "./ActivityPanel";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});
beforeEach(() => vi.spyOn(document, "hidden", "get").mockReturnValue(false));

const said = (text: string, more: Partial<api.Sentence> = {}): api.Sentence => ({
  who: "Ada",
  action: "flow.change",
  at: new Date().toISOString(),
  since: new Date().toISOString(),
  count: 1,
  taken_back: false,
  text,
  pieces: [{ text, strong: false, url: "" }],
  ...more,
});

async function openPanel(...answers: (api.Told | Error)[]) {
  const read = vi.spyOn(api, "readActivity");
  for (const answer of answers) {
    if (answer instanceof Error) read.mockRejectedValueOnce(answer);
    else read.mockResolvedValueOnce(answer);
  }
  read.mockResolvedValue({ sentences: [], older: null });
  const editor = new Editor(new FakeServer([aNode("a", { label: "Visits" })], []).api, new FakeKeeper());
  await editor.open();
  render(
    <FlowProvider value={{ editor, live: new LiveStore((run) => run()), checks: noChecks(), runs: noRuns }}>
      <ActivityPanel onClose={() => undefined} />
    </FlowProvider>,
  );
  await waitFor(() => expect(screen.queryByText("Loading …")).toBeNull());
  return { editor, read };
}

it("tells who did what, what was taken back and how much", async () => {
  await openPanel({
    sentences: [said("renamed Counter", { taken_back: true }), said("moved things", { count: 12 })],
    older: null,
  });
  const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
  expect(rows[0]).toContain("Ada renamed Counter (taken back)");
  expect(rows[1]).toContain("12 changes");
});

it("shows a node of this flow, and links to what is elsewhere", async () => {
  const project = "p";
  const { editor } = await openPanel({ sentences: [], older: null });
  const { id } = editor.flow.get();
  const here = `/projects/${editor.flow.get().project.id || project}/flows/${id}/`;
  vi.mocked(api.readActivity).mockResolvedValueOnce({
    sentences: [
      said("x", {
        pieces: [
          { text: "Visits", strong: true, url: `${here}?node=a` },
          { text: "Other", strong: true, url: "/projects/p/flows/other/?node=z" },
        ],
      }),
    ],
    older: null,
  });
  fireEvent.click(screen.getByRole("button", { name: "Whole project" }));
  fireEvent.click(await screen.findByRole("button", { name: "Visits" }));
  expect(editor.revealing.get()?.id).toBe("a");
  expect(screen.getByRole("link", { name: "Other" }).getAttribute("href")).toContain("/flows/other/");
});

it("goes on with older ones", async () => {
  const { read } = await openPanel(
    { sentences: [said("one")], older: 7 },
    { sentences: [said("two")], older: null },
  );
  fireEvent.click(screen.getByRole("button", { name: "Older" }));
  await screen.findByText("two");
  expect(screen.getByText("one")).toBeTruthy();
  expect(read.mock.calls[1]?.[2]).toBe(7);
  expect(screen.queryByRole("button", { name: "Older" })).toBeNull();
});

it("says why it is not up to date, and that nothing has happened", async () => {
  await openPanel(new Unreachable("The server cannot be reached."));
  expect(screen.getByRole("status").textContent).toContain("cannot be reached");
  fireEvent.click(screen.getByRole("button", { name: "Whole project" }));
  await screen.findByText("Nothing has happened here yet");
});

it("asks again after a change, and a hidden tab only when it is seen", async () => {
  const { editor, read } = await openPanel({ sentences: [said("one")], older: null });
  vi.useFakeTimers();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  act(() => editor.apply([{ op: "set_node", id: "a", fields: { x: 24 } }], { label: "Move" }));
  await act(() => vi.advanceTimersByTimeAsync(3000));
  expect(read).toHaveBeenCalledTimes(1);
  hidden.mockReturnValue(false);
  await act(async () => {
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(1);
  });
  expect(read).toHaveBeenCalledTimes(2);
});
