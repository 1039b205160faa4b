/** Each renderer as a screen reader finds it. */

import { act, cleanup, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { renderers } from "../registry/renderers";
import type { Json, Schema } from "../schema/types";
import { openForm } from "./bench";
import { settle } from "./person";

const rows: Schema = {
  type: "array",
  tableMode: true,
  items: { type: "object", required: ["path"], properties: { path: { type: "string", title: "Path" } } },
};
const many = Array.from({ length: 30 }, (_, index) => `zone ${index}`);

/** Of each renderer: a schema, the role by which its control is found ("": an input without one), a value that does not fit. */
const table: [renderer: string, schema: Schema, role: string, wrong?: Json][] = [
  ["any", { type: ["string", "number"], minLength: 3 }, "textbox", "ab"],
  ["text", { type: "string", maxLength: 2 }, "textbox", "abc"],
  ["number", { type: "integer", maximum: 5 }, "spinbutton", 9],
  ["range", { type: "integer", format: "range", minimum: 0, maximum: 5 }, "slider", 9],
  ["toggle", { type: "boolean" }, "switch"],
  ["list", { type: "array", items: { type: "string" }, maxItems: 1 }, "group", ["a", "b"]],
  ["tuple", { type: "array", prefixItems: [{ type: "string" }], maxItems: 1 }, "group", ["a", "b"]],
  ["object", { type: "object", properties: { a: {} }, maxProperties: 0 }, "group", { a: 1 }],
  [
    "map",
    { type: "object", additionalProperties: { type: "string" }, maxProperties: 0 },
    "group",
    { a: "b" },
  ],
  ["textarea", { type: "string", format: "textarea", maxLength: 2 }, "textbox", "abc"],
  ["markdown", { type: "string", format: "markdown", maxLength: 2 }, "textbox", "abc"],
  ["code", { type: "string", format: "code", maxLength: 2 }, "textbox", "abc"],
  ["source", { type: "object", format: "json", maxProperties: 0 }, "textbox", { a: 1 }],
  ["datetime", { type: "string", format: "date", maxLength: 2 }, "", "2026-01-31"],
  ["duration", { type: "string", format: "duration", maxLength: 2 }, "textbox", "PT1M"],
  ["color", { type: "string", format: "color", maxLength: 2 }, "textbox", "#ff0000"],
  ["file", { type: "string", format: "base64", maxLength: 2 }, "", "AAAA"],
  ["button", { type: "boolean", format: "button" }, "button"],
  ["checkbox", { type: "boolean", format: "checkbox" }, "checkbox"],
  ["choice", { oneOf: [{ type: "string" }, { type: "array" }] }, "group", 7],
  ["table", { ...rows, maxItems: 0 }, "group", [{ path: "/" }]],
  ["many", { type: "array", uniqueItems: true, items: { enum: ["a", "b"] }, maxItems: 0 }, "group", ["a"]],
  ["select", { enum: ["a", "b"] }, "combobox", "c"],
  ["search", { enum: many }, "combobox", "nowhere"],
  ["radio", { enum: ["a", "b"], format: "radiobox" }, "radiogroup", "c"],
  ["constant", { const: "fixed" }, "status", "other"],
  ["reading", { type: "integer", readonly: true, maximum: 5 }, "status", 9],
  ["secret", { type: "string", secret: true, maxLength: 2 }, "textbox", "[[secret:a]]"],
];

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Controls that come when a form has one have come. */
async function drawn(page: HTMLElement): Promise<HTMLElement> {
  for (let turn = 0; turn < 100 && page.querySelector(".field__loading"); turn += 1) {
    await act(() => vi.dynamicImportSettled());
  }
  await settle();
  const row = page.querySelector<HTMLElement>('[data-pointer="/it"]');
  if (!row) throw new Error("no field");
  return row;
}

describe("a renderer", () => {
  it("stands in the table of this test, whichever it is", () => {
    const shown = new Set(table.map(([name]) => name));
    expect(renderers.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual(["json"]);
  });

  it.each(table)("%s says its role, name, help and error", async (name, schema, role, wrong) => {
    const it = { title: "It", description: "What it is for", ...schema };
    const { page } = openForm(
      { type: "object", properties: { it } },
      wrong === undefined ? {} : { it: wrong },
    );
    const row = await drawn(page);
    expect(row.dataset["renderer"]).toBe(name);
    const found = role
      ? within(page).getAllByRole(role, { name: /^(It|What it is for)/ })
      : [...row.querySelectorAll<HTMLElement>("input")];
    const [control] = found;
    if (!control) throw new Error(`nobody is found as ${role}`);
    if (!role) expect(page.querySelector(`label[for="${control.id}"]`)?.textContent).toBe("It");
    if (wrong === undefined) return;
    const errors = row.querySelector<HTMLElement>(":scope > .field__messages");
    expect(errors?.textContent).toBeTruthy();
    expect(errors?.getAttribute("role")).toBe("status");
    // A group is named; what is wrong with it stands below it.
    if (role === "group") return;
    const told = [...row.querySelectorAll("[aria-describedby]")].flatMap((one) =>
      (one.getAttribute("aria-describedby") ?? "").split(" "),
    );
    expect(told).toContain(errors?.id);
    expect(told).toContain(row.querySelector(".field__help")?.id);
  });
});
