import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Editor } from "../core/editor";
import type { Component } from "../core/types";
import { FlowProvider } from "../live/context";
import { noChecks, noRuns } from "../live/testing";
import { LiveStore } from "../live/store";
import { groupsOf } from "./groups";
import { favourites, recent } from "./likes";
import { Palette } from "./Palette";
import { search } from "./search";

const component = (
  name: string,
  title: string,
  category: string,
  more: Partial<Component> = {},
): Component => ({
  module: "common-v1",
  name,
  title,
  description: "",
  category,
  icon: "",
  tags: [],
  ports: [],
  ...more,
});

const components = [
  component("stateful_counter", "Stateful Counter", "State", {
    tags: ["number"],
    description: "Counts for all",
  }),
  component("http_server", "HTTP Server", "HTTP", { module: "http-v1", description: "Answers requests" }),
  component("ticker", "Ticker", "Sources", {
    tags: ["timer"],
    description: "Emits on a period",
    runsOn: "leader",
  }),
  component("router", "Router", "Flow", {
    description: "Counts nothing, routes all",
    info: "Counts nothing, routes all\n\nThe\n**first** that <b>holds</b>.",
  }),
  component("odd", "Odd One", "Elsewhere", { runsCode: true }),
];

const titles = (query: string) => search(components, query).map(({ title }) => title);

describe("the search", () => {
  it.each([
    ["tick", ["Ticker"]],
    ["timer", ["Ticker"]],
    ["counter", ["Stateful Counter"]],
    ["count", ["Stateful Counter", "Router"]],
    ["sct", ["Stateful Counter"]],
    ["http answers", ["HTTP Server"]],
    ["sources", ["Ticker"]],
    ["http tick", []],
    ["zzz", []],
  ])("%s", (query, found) => {
    expect(titles(query)).toEqual(found);
  });

  it("shows everything while nothing is asked", () => {
    expect(titles("  ")).toHaveLength(components.length);
  });
});

describe("the groups", () => {
  it("stand in the order in which a flow is built, unknown ones last", () => {
    expect(groupsOf(components).map(({ category }) => category)).toEqual([
      "Sources",
      "HTTP",
      "Flow",
      "State",
      "Elsewhere",
    ]);
  });
});

describe("the palette", () => {
  let editor: Editor;

  function open(canEdit = true): void {
    const unused = () => Promise.reject(new Error("not asked in these tests"));
    const api = { load: unused, change: unused, changes: unused, undo: unused, catalogue: unused };
    editor = new Editor(
      {
        ...api,
        press: unused,
        signal: unused,
        validate: unused,
        validation: unused,
        contents: unused,
        find: unused,
        siblings: unused,
        presses: () => Promise.resolve({}),
        runs: unused,
        stack: unused,
        run: unused,
      },
      { load: () => null, save: () => undefined },
    );
    editor.can.set({ edit: canEdit, control: canEdit });
    editor.catalogue.set({
      modules: [
        { name: "common-v1", version: "1", available: true },
        { name: "http-v1", version: "1", available: false },
      ],
      components,
    });
    vi.spyOn(editor, "add").mockReturnValue("n");
    render(
      <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
        <Palette />
      </FlowProvider>,
    );
  }

  const row = (title: string) => screen.getByRole("button", { name: `Add ${title}` });
  const input = () => screen.getByRole<HTMLInputElement>("searchbox");

  beforeEach(() => {
    localStorage.clear();
    favourites.list.set([]);
    recent.list.set([]);
  });
  afterEach(cleanup);

  it("offers what somebody runs by hand, marked so, until they stop", () => {
    open(true);
    const modules = (available: boolean) => [
      { name: "common-v1", version: "1", available, byHand: true },
      { name: "http-v1", version: "1", available: true },
    ];
    act(() => editor.catalogue.set({ ...editor.catalogue.get(), modules: modules(true) }));
    expect(row("Router").textContent).toContain("by hand");
    expect(row("HTTP Server").textContent).not.toContain("by hand");
    act(() => editor.catalogue.set({ ...editor.catalogue.get(), modules: modules(false) }));
    expect(screen.queryByRole("button", { name: "Add Router" })).toBeNull();
    expect(row("HTTP Server")).toBeTruthy();
  });

  it("drags a component onto the canvas, and adds nothing anywhere else or after Escape", () => {
    open();
    const canvas = document.body.appendChild(document.createElement("div"));
    canvas.className = "canvas";
    const over = vi.spyOn(document, "elementFromPoint").mockReturnValue(canvas);
    // The test's document has no layout, and so no elements at a point.
    document.elementsFromPoint = () => [];
    const drag = (how: { escape?: boolean } = {}): void => {
      fireEvent.pointerDown(row("Ticker"), { button: 0, pointerId: 1, clientX: 20, clientY: 20 });
      fireEvent.pointerMove(window, { pointerId: 1, clientX: 400, clientY: 300 });
      if (how.escape) fireEvent.keyDown(document.body, { key: "Escape" });
      fireEvent.pointerUp(window, { pointerId: 1, clientX: 400, clientY: 300 });
    };
    drag({ escape: true });
    over.mockReturnValue(document.body);
    drag();
    expect(editor.add).not.toHaveBeenCalled();
    over.mockReturnValue(canvas);
    drag();
    expect(editor.add).toHaveBeenCalledExactlyOnceWith(
      { module: "common-v1", component: "ticker" },
      { x: 300, y: 268 },
    );
    canvas.remove();
  });

  it("keeps its rows where they are when something is added", () => {
    open();
    const before = screen.getAllByRole("button", { name: /^Add / }).length;
    fireEvent.click(row("Ticker"), { detail: 0 });
    expect(recent.list.get()).toEqual(["common-v1/ticker"]);
    expect(screen.getAllByRole("button", { name: /^Add / })).toHaveLength(before);
  });

  it("puts favourites and what was used last before all others, and remembers them", () => {
    recent.put("common-v1/ticker");
    open();
    fireEvent.click(screen.getByRole("button", { name: "Favourite: Router" }));
    const names = () =>
      screen.getAllByRole("button", { name: /^Add / }).map(({ textContent }) => textContent);
    expect(names().slice(0, 2)).toEqual([
      expect.stringContaining("Router"),
      expect.stringContaining("Ticker"),
    ]);
    expect(JSON.parse(localStorage.getItem("weirflow.favourites") ?? "")).toEqual(["common-v1/router"]);
    fireEvent.click(screen.getAllByRole("button", { name: "Favourite: Router" })[0] as HTMLElement);
    expect(names()).toHaveLength(components.length + 1);
  });

  it("tells about a component beside the list, and gives the focus back", async () => {
    open();
    const about = screen.getByRole("button", { name: "About Ticker" });
    about.focus();
    fireEvent.click(about);
    const docs = await screen.findByRole("dialog", { name: "About Ticker" });
    expect(within(docs).getByText("Emits on a period")).toBeDefined();
    expect(within(docs).getByText("Runs on the leading replica")).toBeDefined();
    fireEvent.keyDown(docs, { key: "Escape" });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(about);
  });

  it("tells all that the author says, with lines that run on, and shows tags as text", async () => {
    open();
    fireEvent.click(screen.getByRole("button", { name: "About Router" }));
    const strong = await screen.findByText("first");
    expect(strong.tagName).toBe("STRONG");
    const text = strong.closest("p");
    expect(text?.textContent).toBe("The\nfirst that <b>holds</b>.");
    expect(text?.querySelector("br, b")).toBeNull();
  });

  it("adds with Enter or a double click", () => {
    open();
    fireEvent.click(row("Ticker"), { detail: 0 });
    fireEvent.doubleClick(row("Router"));
    expect(vi.mocked(editor.add).mock.calls).toEqual([
      [{ module: "common-v1", component: "ticker" }, undefined],
      [{ module: "common-v1", component: "router" }, undefined],
    ]);
  });

  it("adds with the press of a screen reader, not with a pointer's single click", () => {
    open();
    fireEvent.click(row("Ticker"), { detail: 1 });
    expect(editor.add).not.toHaveBeenCalled();
    fireEvent.click(row("Ticker"), { detail: 0 });
    expect(editor.add).toHaveBeenCalledOnce();
  });

  it("adds the best hit with Enter in the search", () => {
    open();
    fireEvent.change(input(), { target: { value: "count" } });
    fireEvent.keyDown(input(), { key: "Enter" });
    expect(editor.add).toHaveBeenCalledWith(
      { module: "common-v1", component: "stateful_counter" },
      undefined,
    );
  });

  it("says why a component cannot be added, and does not add it", () => {
    open();
    const server = row("HTTP Server");
    expect(server.getAttribute("aria-disabled")).toBe("true");
    expect(within(server).getByText("The module http-v1 is not running")).toBeDefined();
    fireEvent.doubleClick(server);
    expect(editor.add).not.toHaveBeenCalled();
  });

  it("offers nothing to who may only look", () => {
    open(false);
    fireEvent.click(row("Ticker"), { detail: 0 });
    expect(row("Ticker").getAttribute("aria-disabled")).toBe("true");
    expect(editor.add).not.toHaveBeenCalled();
  });

  it("offers no code to who may edit and not write it", () => {
    open();
    act(() => editor.can.set({ edit: true, control: true, code: false }));
    fireEvent.click(row("Odd One"), { detail: 0 });
    expect(within(row("Odd One")).getByText("Writing code is left to others in this project")).toBeDefined();
    expect(editor.add).not.toHaveBeenCalled();
    fireEvent.click(row("Ticker"), { detail: 0 });
    expect(editor.add).toHaveBeenCalledOnce();
  });

  it("is walked with the arrow keys", () => {
    open();
    input().focus();
    fireEvent.keyDown(input(), { key: "ArrowDown" });
    expect(document.activeElement).toBe(row("Ticker"));
    fireEvent.keyDown(row("Ticker"), { key: "ArrowDown" });
    expect(document.activeElement).toBe(row("HTTP Server"));
    fireEvent.keyDown(row("HTTP Server"), { key: "ArrowRight" });
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "About HTTP Server" }));
    fireEvent.keyDown(document.activeElement as Element, { key: "ArrowLeft" });
    fireEvent.keyDown(row("HTTP Server"), { key: "ArrowUp" });
    fireEvent.keyDown(row("Ticker"), { key: "ArrowUp" });
    expect(document.activeElement).toBe(input());
  });

  it("teaches when nothing is found, and leads back", () => {
    open();
    fireEvent.change(input(), { target: { value: "zzz" } });
    expect(screen.getByText("Nothing fits “zzz”")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Show all components" }));
    expect(row("Ticker")).toBeDefined();
  });

  it("folds to a rail, and remembers it", () => {
    open();
    fireEvent.click(screen.getByRole("button", { name: "Fold the components away" }));
    expect(screen.queryByRole("searchbox")).toBeNull();
    cleanup();
    open();
    fireEvent.click(screen.getByRole("button", { name: "Show State" }));
    expect(input().value).toBe("State");
  });
});
