import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { forgetSeries } from "../inspector/control/chart/series";
import { Opening } from "./Opening";
import { dashboard, fakeApi, page, widget, widgetNode } from "./testDashboard";
import type { Dashboard } from "./core/types";

/** The socket of a page, as far as a test speaks on it. */
class FakeSocket extends EventTarget {
  static last: FakeSocket | null = null;
  readyState: number = WebSocket.OPEN;
  constructor(readonly url: string) {
    super();
    FakeSocket.last = this;
  }
  send(): void {
    // Nobody listens.
  }
  close(): void {
    this.readyState = 3;
  }
  say(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

beforeEach(() => {
  FakeSocket.last = null;
  vi.stubGlobal("WebSocket", Object.assign(FakeSocket, { OPEN: 1 }));
  vi.spyOn(globalThis, "requestAnimationFrame").mockImplementation((run) => {
    run(0);
    return 0;
  });
});

afterEach(() => {
  cleanup();
  forgetSeries();
  vi.unstubAllGlobals();
  history.replaceState(null, "", "/");
});

const PAGE = { pages: [page("p", { name: "Floor" })], widgets: [widget("w", "p")] };

async function open(more: Partial<Dashboard> = PAGE, first = "") {
  const api = fakeApi(dashboard(more));
  render(<Opening api={api} project={{ id: "project", name: "Web" }} page={first} />);
  await waitFor(() => expect(screen.queryByText("Reading the dashboard")).toBeNull());
  const socket = FakeSocket.last;
  return { api, socket };
}

const live = (value: number) => ({
  t: "live",
  full: true,
  nodes: { n: { state: "idle", control: { value } } },
  edges: {},
});

describe("a page", () => {
  it("shows the panels of its nodes, live, and presses by the page", async () => {
    const { api, socket } = await open();
    const press = vi.fn(() => Promise.resolve({ id: "s" }));
    api.presses = () => ({ press, signal: () => Promise.resolve({ state: "pending", problem: null }) });
    expect(socket?.url).toContain("/ws/pages/p");
    act(() => socket?.say(live(41)));
    expect(screen.getByLabelText("Current value").textContent).toBe("41");
    act(() => socket?.say({ ...live(42), full: false }));
    expect(screen.getByLabelText("Current value").textContent).toBe("42");
    expect(screen.getByRole("heading", { name: "Visits today" })).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Reset" }).disabled).toBe(false);
  });

  it("is for looking only where its operators do not take this person in", async () => {
    const rights = { edit: false, control: false, manage: false };
    const refused = () => screen.getByRole<HTMLButtonElement>("button", { name: "Reset" }).disabled;
    await open({ ...PAGE, can: rights });
    expect(refused()).toBe(true);
    expect(screen.queryByRole("button", { name: "Arrange" })).toBeNull();
    cleanup();
    await open({ ...PAGE, pages: [page("p", { operators: "everyone" })], can: rights });
    expect(refused()).toBe(false);
    cleanup();
    await open({ ...PAGE, pages: [page("p", { operators: "nobody" })] });
    expect(refused()).toBe(true);
  });

  it("says what is gone: the node, its module, the host of its module", async () => {
    await open({ ...PAGE, nodes: [] });
    expect(screen.getByText(/The node was deleted/)).toBeDefined();
    cleanup();
    await open({ ...PAGE, components: [] });
    expect(screen.getByText(/Its module common-v1 is not there/)).toBeDefined();
    cleanup();
    await open({ ...PAGE, available: [] });
    expect(screen.getByText(/Nobody runs common-v1 now/)).toBeDefined();
    expect(screen.getByLabelText("Current value")).toBeDefined();
  });

  it("follows what others change", async () => {
    const { api, socket } = await open();
    const theirs = api.theirs({ op: "set_page", id: "p", fields: { name: "Hall" } });
    act(() => socket?.say({ t: "change", ...theirs }));
    expect(screen.getByRole("tab", { name: "Hall" })).toBeDefined();
  });
});

describe("arranging", () => {
  it("moves and resizes by keyboard, says where, and can be undone", async () => {
    const widgets = [widget("w", "p"), widget("v", "p", { node: "m", x: 2, title: "Stock" })];
    const { api } = await open({ ...PAGE, widgets, nodes: [widgetNode("n"), widgetNode("m")] });
    fireEvent.click(screen.getByRole("button", { name: "Arrange" }));
    fireEvent.keyDown(screen.getByRole("button", { name: /^Resize Stock/ }), { key: "ArrowRight" });
    await waitFor(() =>
      expect(api.sent.at(-1)?.ops).toEqual([{ op: "set_widget", id: "v", fields: { w: 3 } }]),
    );
    expect(screen.getByText("Column 3, row 1, 3 wide, 4 high")).toBeDefined();
    fireEvent.keyDown(screen.getByRole("button", { name: /^Move Stock/ }), { key: "ArrowLeft" });
    await waitFor(() => expect(api.sent.length).toBe(2));
    await waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>("button", { name: "Undo" }).disabled).toBe(false),
    );
    fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    await waitFor(() => expect(api.undone).toHaveLength(1));
  });

  it("chooses what a widget shows, and how", async () => {
    const { api } = await open();
    fireEvent.click(screen.getByRole("button", { name: "Arrange" }));
    fireEvent.click(screen.getByRole("button", { name: "Settings of Visits today" }));
    const dialog = screen.getByRole("dialog");
    fireEvent.change(within(dialog).getByRole("combobox"), { target: { value: "line" } });
    fireEvent.click(within(dialog).getByRole("checkbox", { name: "Reset" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Reset" })).toBeNull());
    expect(screen.getByText(/as a table/)).toBeDefined();
    await waitFor(() =>
      expect(api.sent.at(-1)?.ops[0]).toMatchObject({
        fields: {
          schema_patch: [
            { op: "add", path: "/properties/value/chart", value: "line" },
            { op: "add", path: "/properties/reset/hidden", value: true },
          ],
        },
      }),
    );
  });

  it("adds a node where there is room, and takes one off", async () => {
    const { api } = await open();
    fireEvent.keyDown(document.body, { key: "a" });
    fireEvent.click(await screen.findByRole("button", { name: /Visits today on this page, in Visits/ }));
    await waitFor(() => expect(api.sent.at(-1)?.ops[0]).toMatchObject({ op: "add_widget", x: 2, y: 0 }));
    fireEvent.click(screen.getAllByRole("button", { name: "Take Visits today off the page" })[0] as Element);
    await waitFor(() => expect(api.sent.at(-1)?.ops[0]).toMatchObject({ op: "delete_widget" }));
  });
});

describe("pages", () => {
  it("are tabs in the address, and made from nothing", async () => {
    const two = [page("p", { name: "Floor" }), page("q", { name: "Stock", position: 1 })];
    await open({ pages: two }, "q");
    expect(screen.getByRole("tab", { name: "Stock" }).getAttribute("aria-selected")).toBe("true");
    fireEvent.keyDown(screen.getByRole("tablist"), { key: "ArrowRight" });
    expect(location.pathname).toBe("/projects/project/dashboards/p/");
    cleanup();
    const { api } = await open({});
    fireEvent.click(screen.getByRole("button", { name: "New page" }));
    await waitFor(() => expect(api.sent.at(-1)?.ops[0]).toMatchObject({ op: "add_page", name: "Overview" }));
  });

  it("are opened to viewers by owners alone", async () => {
    const { api } = await open({ ...PAGE, can: { edit: true, control: true, manage: false } });
    fireEvent.keyDown(document.body, { key: "p" });
    const everyone = () => screen.getByRole<HTMLInputElement>("radio", { name: /Everyone/ });
    expect(everyone().disabled).toBe(true);
    fireEvent.click(screen.getByRole("radio", { name: /Nobody/ }));
    await waitFor(() =>
      expect(api.sent.at(-1)?.ops).toEqual([{ op: "set_page", id: "p", fields: { operators: "nobody" } }]),
    );
  });
});
