import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Refusal } from "../core/errors";
import ImportDialog from "./ImportDialog";
import type { FilesApi, Plan } from "./types";

const made = vi.fn();
const EDITOR = {
  subscribe: () => () => undefined,
  graph: { nodes: new Map([["a", {}]]), notes: new Map() },
  made,
  notify: vi.fn(),
  undo: vi.fn(),
};
vi.mock("../live/hooks", () => ({
  useEditor: () => EDITOR,
  useFlow: () => ({ id: "f", name: "Flow", project: { id: "p", name: "Plant" } }),
}));

afterEach(cleanup);

const PLAN: Plan = {
  kind: "flow",
  origin: "weirflow",
  name: "Morning",
  description: "",
  flows: [{ name: "Morning", nodes: 2, wires: 1, groups: 0, notes: 0, scenarios: 0, tests: 0 }],
  secrets: [{ name: "slack", key: "url", known: false }],
  unknown: [{ module: "common-v1", component: "gone", nodes: 1 }],
  mapped: 0,
  adapted: 0,
  placeholders: 0,
  notes: [],
  notes_count: 0,
};

function api(over: Partial<FilesApi> = {}): FilesApi {
  return {
    plan: vi.fn(() => Promise.resolve(PLAN)),
    bringIn: vi.fn(() => Promise.resolve({ rev: 7 })),
    addSecret: vi.fn(() => Promise.resolve({})),
    templates: () => Promise.resolve([]),
    template: () => Promise.resolve(""),
    text: () => Promise.resolve(""),
    download: "",
    ...over,
  };
}

async function look(files: FilesApi): Promise<void> {
  HTMLDialogElement.prototype.showModal ??= vi.fn();
  HTMLDialogElement.prototype.close ??= vi.fn();
  render(<ImportDialog onClose={vi.fn()} api={files} />);
  fireEvent.change(screen.getByLabelText("Text of the file"), { target: { value: "weirflow: 1" } });
  fireEvent.click(screen.getByText("See what it would do"));
  await waitFor(() =>
    expect(screen.queryByText("See what it would do")?.hasAttribute("disabled")).not.toBe(true),
  );
}

it("says what a file would do, asks for its secrets, and brings it in as a step", async () => {
  const files = api();
  await look(files);
  expect(await screen.findByText("2 nodes · 1 wire")).toBeTruthy();
  expect(screen.getByText("common-v1/gone")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("Value of slack/url"), { target: { value: "https://hooks" } });
  fireEvent.click(screen.getByText("Import into this flow"));
  await waitFor(() => expect(made).toHaveBeenCalledWith(expect.any(String), "Import Morning", 7));
  await waitFor(() => expect(files.addSecret).toHaveBeenCalledWith("slack", "url", "https://hooks"));
});

it("shows each fault with its line", async () => {
  const faults = [{ line: 12, path: "nodes.post.group", message: "there is no group reports in this flow" }];
  const refusal = new Refusal(422, "file_invalid", "1 thing is wrong.", { faults });
  await look(api({ plan: () => Promise.reject(refusal) }));
  expect((await screen.findByRole("alert")).textContent).toContain("Line 12");
});

it("leads a file with several flows to the project's page", async () => {
  await look(api({ plan: () => Promise.resolve({ ...PLAN, kind: "project" }) }));
  const link = await screen.findByText("bring it in on the project's page");
  expect(link.getAttribute("href")).toBe("/projects/p/import/");
});

it("says before a file is chosen how large it may be", () => {
  render(<ImportDialog onClose={vi.fn()} api={api()} />);
  expect(screen.getByText(/At most 4 MiB, about 12,000 nodes/)).toBeTruthy();
});

it("says what is being done, and that it goes on when it is closed", async () => {
  let checked: (plan: Plan) => void = () => undefined;
  const plan = () => new Promise<Plan>((resolve) => (checked = resolve));
  render(<ImportDialog onClose={vi.fn()} api={api({ plan, bringIn: () => new Promise(() => undefined) })} />);
  fireEvent.change(screen.getByLabelText("Text of the file"), { target: { value: "weirflow: 1" } });
  fireEvent.click(screen.getByText("See what it would do"));
  expect(screen.getByRole("status").textContent).toContain("Nothing is changed yet");
  checked(PLAN);
  fireEvent.click(await screen.findByText("Import into this flow"));
  expect(screen.getByRole("status").textContent).toContain("Saving 2 nodes and 1 wire.");
  expect(screen.getByText("Close")).toBeTruthy();
});

it("tells of flows of Node-RED what is mapped, not quite, or a placeholder", async () => {
  const notes = [
    { where: "Sum", message: "a missing property fails", kind: "adapted" as const },
    { where: "Sensors", message: "there is no MQTT", kind: "placeholder" as const },
  ];
  const report = {
    origin: "node-red" as const,
    mapped: 5,
    adapted: 1,
    placeholders: 1,
    notes,
    notes_count: 2,
  };
  await look(api({ plan: () => Promise.resolve({ ...PLAN, ...report }) }));
  expect(await screen.findByText("5 nodes mapped, 1 of them not quite; 1 placeholder")).toBeTruthy();
  const remarks = screen.getByLabelText("Remarks").textContent;
  expect(remarks).toContain("Not quite Sum: a missing property fails.");
  expect(remarks).toContain("Placeholder Sensors: there is no MQTT.");
});
