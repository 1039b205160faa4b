/** Forms under hand: keyboard, pointer, conditions, and what changes while they are open. */

import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Schema } from "../schema/types";
import { openForm } from "./bench";
import { settle } from "./person";

const many = Array.from({ length: 30 }, (_, index) => `zone ${index}`);
const zones: Schema = { type: "object", properties: { it: { title: "It", enum: many } } };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a keyboard", () => {
  it("finds a value in a long list, and chooses it", async () => {
    const { held } = openForm(zones, {});
    const box = screen.getByRole("combobox", { name: "It" });
    fireEvent.change(box, { target: { value: "zone 2" } });
    const offered = screen.getAllByRole("option").map((option) => option.textContent);
    expect(offered).toEqual(many.filter((one) => one.includes("2")));
    fireEvent.keyDown(box, { key: "ArrowDown" });
    fireEvent.keyDown(box, { key: "ArrowDown" });
    fireEvent.keyDown(box, { key: "Enter" });
    await settle();
    expect(held()).toEqual({ it: "zone 20" });
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it("gives a search up with Escape", () => {
    openForm(zones, { it: "zone 3" });
    const box = screen.getByRole<HTMLInputElement>("combobox", { name: "It" });
    fireEvent.change(box, { target: { value: "zone" } });
    fireEvent.keyDown(box, { key: "Escape" });
    expect(box.value).toBe("zone 3");
  });

  it("moves a row of a table, and the focus with it", async () => {
    const path = { type: "string", title: "Path" };
    const rows = {
      title: "Rows",
      type: "array",
      tableMode: true,
      items: { type: "object", properties: { path } },
    };
    const { held } = openForm(
      { type: "object", properties: { rows } },
      { rows: [{ path: "/a" }, { path: "/b" }] },
    );
    await act(() => vi.dynamicImportSettled());
    await settle();
    const handle = screen.getByRole("button", { name: "Move item 1" });
    handle.focus();
    fireEvent.keyDown(handle, { key: "ArrowDown" });
    await settle();
    expect(held()).toEqual({ rows: [{ path: "/b" }, { path: "/a" }] });
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Move item 2");
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Path, row 1" }).value).toBe("/b");
  });
});

describe("a pointer", () => {
  it("drags an item to where it lets go", async () => {
    const list = { title: "It", type: "array", items: { type: "string" } };
    const { page, held } = openForm({ type: "object", properties: { list } }, { list: ["a", "b", "c"] });
    const items = [...page.querySelectorAll<HTMLElement>("[data-items] > li")];
    items.forEach((item, index) => {
      item.getBoundingClientRect = () => ({ top: index * 20, bottom: index * 20 + 20 }) as DOMRect;
    });
    const handle = screen.getByRole("button", { name: "Move item 1" });
    handle.setPointerCapture = () => undefined;
    fireEvent.pointerDown(handle, { button: 0, pointerId: 1 });
    fireEvent.pointerMove(handle, { clientY: 50, pointerId: 1 });
    expect(items[2]?.dataset["drop"]).toBe("after");
    fireEvent.pointerUp(handle, { pointerId: 1 });
    await settle();
    expect(held()).toEqual({ list: ["b", "c", "a"] });
  });
});

it("does not tell a patient form's reader what is missing, only what is wrong", async () => {
  const schema: Schema = {
    type: "object",
    properties: {
      name: { type: "string", title: "Name" },
      days: { type: "integer", title: "Days", maximum: 30 },
    },
    required: ["name"],
  };
  openForm(schema, { days: 99 }, { patient: true });
  await settle();
  expect(screen.getByRole("textbox", { name: /^Name/ }).getAttribute("aria-required")).toBe("true");
  expect(screen.queryByText("Required")).toBeNull();
  expect(screen.getByText("At most 30")).toBeDefined();
});

describe("conditions", () => {
  const schema: Schema = {
    type: "object",
    properties: {
      mode: { enum: ["cron", "off"], default: "off", title: "Mode" },
      cron: { type: "string", title: "Cron", requiredWhen: ["mode", "equal", "cron"] },
      zone: { type: "string", title: "Zone", optionalWhen: ["cron", "isUndefined", true] },
    },
    required: ["zone"],
  };

  it("bring a field in when it is asked for, and say so while it is empty", async () => {
    const { become } = openForm(schema, {});
    await settle();
    expect(screen.queryByRole("textbox", { name: /^Cron/ })).toBeNull();
    expect(screen.queryAllByText("Required")).toEqual([]);
    become({ mode: "cron" });
    await settle();
    expect(screen.getByRole("textbox", { name: /^Cron/ }).getAttribute("aria-required")).toBe("true");
    expect(screen.getAllByText("Required").length).toBe(1);
    become({ cron: "* * * * *" });
    await settle();
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: /^Cron/ }).value).toBe("* * * * *");
    expect(screen.getByRole("textbox", { name: /^Zone/ }).getAttribute("aria-required")).toBe("true");
  });

  it("bring fields in that others call for", () => {
    const paid = { properties: { paid: { const: true } }, required: ["paid"] };
    const bill: Schema = {
      type: "object",
      properties: { paid: { type: "boolean", title: "Paid" } },
      if: paid,
      then: { properties: { iban: { type: "string", title: "IBAN" } }, required: ["iban"] },
    };
    const { become } = openForm(bill, {});
    expect(screen.queryByRole("textbox", { name: /^IBAN/ })).toBeNull();
    become({ paid: true });
    expect(screen.getByRole("textbox", { name: /^IBAN/ })).toBeDefined();
  });
});

describe("an open form", () => {
  const text: Schema = { type: "object", properties: { a: { type: "string", title: "A" } } };

  it("keeps what is typed when its schema changes under it", () => {
    const { become } = openForm(text, { a: "x" });
    fireEvent.change(screen.getByLabelText("A"), { target: { value: "typed" } });
    become({ a: "x" }, { ...text, properties: { ...text.properties, b: { type: "integer", title: "B" } } });
    expect(screen.getByLabelText<HTMLInputElement>("A").value).toBe("typed");
    expect(screen.getByLabelText("B")).toBeDefined();
  });

  it("sends what is typed when its schema goes, as when the module stops", async () => {
    const { become, held } = openForm(text, { a: "x" });
    fireEvent.change(screen.getByLabelText("A"), { target: { value: "typed" } });
    act(() => become({ a: "x" }, {}));
    await settle();
    expect(held()).toEqual({ a: "typed" });
  });

  it("shows another type's value as JSON, and takes it back", () => {
    const { become } = openForm(text, { a: "x" });
    become({ a: { deep: true } });
    expect(JSON.parse(screen.getByLabelText<HTMLTextAreaElement>("A").value)).toEqual({ deep: true });
    become({ a: "y" });
    expect(screen.getByLabelText<HTMLInputElement>("A").value).toBe("y");
  });
});
