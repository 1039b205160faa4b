import { describe, expect, it, vi } from "vitest";

import { Refusal, Unreachable } from "../../core/errors";
import { dashboard, fakeApi, page, widget } from "../testDashboard";
import { PagesDocument } from "./document";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("edits of pages", () => {
  it("show at once and are sent one after the other", async () => {
    const api = fakeApi(dashboard({ pages: [page("p")], widgets: [widget("w", "p")] }));
    const document = new PagesDocument(api, await api.load());
    document.edit([{ op: "set_widget", id: "w", fields: { x: 3 } }]);
    document.edit([{ op: "set_page", id: "p", fields: { name: "Hall" } }]);
    expect(document.shown.get().widgets[0]?.x).toBe(3);
    expect(document.waiting.get()).toBe(2);
    await vi.waitFor(() => expect(document.waiting.get()).toBe(0));
    expect(api.sent.map(({ ops }) => ops[0]?.op)).toEqual(["set_widget", "set_page"]);
    expect(document.shown.get().pages[0]?.name).toBe("Hall");
  });

  it("stay on top of what others change meanwhile, and merge field by field", async () => {
    const api = fakeApi(dashboard({ pages: [page("p")], widgets: [widget("w", "p")] }));
    const document = new PagesDocument(api, await api.load());
    api.hold();
    document.edit([{ op: "set_widget", id: "w", fields: { x: 3 } }]);
    const theirs = api.theirs({ op: "set_widget", id: "w", fields: { x: 1, h: 9 } });
    expect(document.receive(theirs)).toBe(true);
    expect(document.shown.get().widgets[0]).toMatchObject({ x: 3, h: 9 });
    api.release();
    await vi.waitFor(() => expect(document.waiting.get()).toBe(0));
    expect(document.shown.get().widgets[0]).toMatchObject({ x: 3, h: 9 });
  });

  it("are sent again while the server cannot be reached, and given up with its reason when it says no", async () => {
    const api = fakeApi(dashboard({ pages: [page("p")], widgets: [widget("w", "p")] }));
    const document = new PagesDocument(api, await api.load());
    api.fail(new Unreachable("offline"));
    document.edit([{ op: "set_widget", id: "w", fields: { x: 2 } }]);
    await vi.waitFor(() => expect(document.waiting.get()).toBe(0), 3_000);
    expect(new Set(api.sent.map(({ id }) => id)).size).toBe(1);
    api.fail(new Refusal(409, "widget_deleted", "Grace deleted this widget."));
    document.edit([{ op: "set_widget", id: "w", fields: { x: 4 } }]);
    await vi.waitFor(() => expect(document.notice.get()).toBe("Grace deleted this widget."));
    await vi.waitFor(() => expect(document.shown.get().widgets[0]?.x).toBe(2));
  });

  it("are what is taken back, also when they are still on their way", async () => {
    const api = fakeApi(dashboard({ pages: [page("p")] }));
    const document = new PagesDocument(api, await api.load());
    document.edit([{ op: "set_page", id: "p", fields: { name: "Hall" } }]);
    await vi.waitFor(() => expect(document.waiting.get()).toBe(0));
    api.hold();
    document.edit([{ op: "set_page", id: "p", fields: { name: "Yard" } }]);
    const undone = document.undo();
    await settled();
    expect(api.undone).toEqual([]);
    api.release();
    await undone;
    expect(api.undone).toEqual([3]);
  });

  it("can be taken back and done again", async () => {
    const api = fakeApi(dashboard({ pages: [page("p")] }));
    const document = new PagesDocument(api, await api.load());
    document.edit([{ op: "set_page", id: "p", fields: { name: "Hall" } }]);
    await vi.waitFor(() => expect(document.steps.get()).toEqual({ undo: 1, redo: 0 }));
    await document.undo();
    expect(api.undone).toEqual([2]);
    expect(document.steps.get()).toEqual({ undo: 0, redo: 1 });
    await document.redo();
    expect(api.undone).toEqual([2, 3]);
    await document.redo();
    expect(api.undone).toHaveLength(2);
  });

  it("ask for everything again when a change in between is missing", async () => {
    const api = fakeApi(dashboard({ pages: [page("p")] }));
    const document = new PagesDocument(api, await api.load());
    expect(document.receive({ rev: 9, prev_rev: 8, client_op_id: "t", ops: [] })).toBe(false);
    expect(document.receive({ rev: 1, prev_rev: 0, client_op_id: "t", ops: [] })).toBe(true);
    await settled();
  });
});
