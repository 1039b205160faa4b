/** For tests: fills a form's fields in as a person would, by what is seen of them, and never by their code. */

import { act, fireEvent, within } from "@testing-library/react";
import { vi } from "vitest";

import { chosen } from "../schema/choose";
import { shapesOf } from "../schema/kinds";
import { entryOf } from "../schema/fields";
import { equal, toPointer } from "../schema/pointer";
import { propertySchema, resolve } from "../schema/resolve";
import { isObject, type Json, type Path, type Resolved, type Schema } from "../schema/types";

/** Lets pauses and promises pass. */
export const settle = (time = 400) => act(() => vi.advanceTimersByTimeAsync(time));

/** The fields of a place, from the outside in: a union has the field of its shape in it. */
function fieldsAt(page: HTMLElement, path: Path): HTMLElement[] {
  const pointer = toPointer(path);
  const rows = [...page.querySelectorAll<HTMLElement>("[data-pointer]")];
  return rows.filter((one) => one.dataset["pointer"] === pointer);
}

function fieldAt(page: HTMLElement, path: Path): HTMLElement {
  const row = fieldsAt(page, path).at(-1);
  if (!row) throw new Error(`no field at ${toPointer(path) || "the top"}`);
  return row;
}

export class Person {
  readonly page: HTMLElement;
  readonly root: Schema;

  constructor(page: HTMLElement, root: Schema) {
    this.page = page;
    this.root = root;
  }

  /** Makes the field at `path` say `value`. */
  async fill(path: Path, schema: Resolved, value: Json, depth = 0): Promise<void> {
    const row = fieldsAt(this.page, path)[depth];
    if (!row) throw new Error(`no field at ${toPointer(path) || "the top"}`);
    switch (row.dataset["renderer"]) {
      case "text":
      case "textarea":
      case "code":
      case "number":
        return this.write(row, typeof value === "string" ? value : JSON.stringify(value));
      case "json":
      case "source":
        return this.write(row, JSON.stringify(value));
      case "toggle":
        return this.toggle(row, value);
      case "constant":
        return this.press(row, /^Set/);
      case "select":
        return this.select(row, schema, value);
      case "any":
        return this.anything(row, path, value);
      case "object":
        await this.open(row);
        return this.fields(path, schema, value as Record<string, Json>);
      case "map":
        return this.further(row, path, schema, value as Record<string, Json>);
      case "list":
      case "tuple":
        return this.items(row, path, schema, value as Json[]);
      case "many":
        return this.tick(row, value as Json[]);
      case "choice":
        return this.shape(row, path, schema, value, depth);
      default:
        throw new Error(`nobody has said how to fill ${row.dataset["renderer"] ?? "this"}`);
    }
  }

  /** The fields of an object, those that it does not declare below them. */
  async fields(path: Path, schema: Resolved, value: Record<string, Json>): Promise<void> {
    const declared = schema.properties ?? {};
    const rest: Record<string, Json> = {};
    for (const [name, part] of Object.entries(value)) {
      if (Object.hasOwn(declared, name)) {
        await this.fill([...path, name], resolve(declared[name], this.root), part);
      } else if (!within(this.page).queryByLabelText(`Name of ${name}`)) {
        Object.defineProperty(rest, name, { value: part, enumerable: true });
      }
    }
    if (!Object.keys(rest).length) return;
    const groups = [...this.page.querySelectorAll<HTMLElement>(".further")];
    const group = groups.find(
      (one) => (one.closest<HTMLElement>("[data-pointer]")?.dataset["pointer"] ?? "") === toPointer(path),
    );
    if (!group) throw new Error(`nowhere to put ${Object.keys(rest).join(", ")}`);
    await this.further(group, path, schema, rest);
  }

  private async further(row: HTMLElement, path: Path, schema: Resolved, value: Record<string, Json>) {
    // A map that has nothing in it is begun, and emptied again.
    if (!Object.keys(value).length) {
      await this.further(row, path, schema, { x: 1 });
      return this.press(row, "Remove x");
    }
    for (const [name, part] of Object.entries(value)) {
      await this.press(row, /^Add entry/);
      const key = within(row).getByLabelText("Name of the new entry");
      fireEvent.change(key, { target: { value: name } });
      fireEvent.keyDown(key, { key: "Enter" });
      await settle(0);
      await this.fill([...path, name], entryOf(schema, this.root), part);
    }
  }

  private async items(row: HTMLElement, path: Path, schema: Resolved, value: Json[]) {
    for (const [index, item] of value.entries()) {
      await this.press(row, /^Add/);
      await this.fill([...path, index], propertySchema(schema, index, this.root) ?? {}, item);
    }
    // A list that has nothing in it is begun, and emptied again.
    if (value.length) return;
    await this.press(row, /^Add/);
    await this.press(row, "Remove item 1");
  }

  private async tick(row: HTMLElement, value: Json[]) {
    for (const one of value) {
      const title = typeof one === "string" ? one : JSON.stringify(one);
      fireEvent.click(within(row).getByRole("checkbox", { name: title }));
      await settle();
    }
  }

  private async shape(row: HTMLElement, path: Path, schema: Resolved, value: Json, depth: number) {
    const shapes = shapesOf(schema, this.root);
    const index = chosen(value, shapes, this.root);
    const [select] = within(row).getAllByRole<HTMLSelectElement>("combobox");
    if (!select) throw new Error("no shapes to choose from");
    // The first one stands there already: another one is gone to and come back from.
    for (const wanted of [shapes.length - 1, index]) {
      fireEvent.change(select, { target: { value: String(wanted) } });
      await settle();
    }
    const shape = shapes[index] ?? {};
    if (isObject(value) && shape.properties) await this.fields(path, shape, value);
    else await this.fill(path, shape, value, depth + 1);
  }

  private async anything(row: HTMLElement, path: Path, value: Json) {
    const [way] = within(row).getAllByRole<HTMLSelectElement>("combobox");
    if (!way) throw new Error("no kinds of value to choose from");
    const wanted = value === null ? "null" : typeof value;
    const offered = [...way.options].map((option) => option.value);
    const kind = wanted !== "object" && offered.includes(wanted) ? wanted : "json";
    fireEvent.change(way, { target: { value: kind } });
    await settle();
    if (kind === "null") return;
    if (kind === "boolean") return this.toggle(fieldAt(this.page, path), value);
    await this.write(fieldAt(this.page, path), kind === "string" ? (value as string) : JSON.stringify(value));
  }

  private async write(row: HTMLElement, text: string) {
    const input = row.querySelector<HTMLInputElement>("textarea, input:not([type=checkbox])");
    if (!input) throw new Error(`nothing to write in at ${row.dataset["pointer"] ?? ""}`);
    // What is there already is no change for a browser: something else is written over it first.
    if (input.value === text) fireEvent.change(input, { target: { value: `${text} ` } });
    fireEvent.change(input, { target: { value: text } });
    fireEvent.blur(input);
    await settle();
  }

  private async toggle(row: HTMLElement, value: Json) {
    const box = within(row).getByRole<HTMLInputElement>("switch");
    // Off from the start is no answer yet: it is switched on and off again.
    do {
      fireEvent.click(box);
      await settle();
    } while (box.checked !== value);
  }

  private async select(row: HTMLElement, schema: Resolved, value: Json) {
    const select = within(row).getByRole<HTMLSelectElement>("combobox");
    const values: Json[] = schema.enum ?? [true, false];
    const place = values.findIndex((one) => equal(one, value));
    fireEvent.change(select, { target: { value: place < 0 ? "" : String(place) } });
    await settle();
  }

  private async open(row: HTMLElement) {
    const [set] = within(row).queryAllByRole("button", { name: /^Set / });
    if (set) fireEvent.click(set);
    await settle();
  }

  private async press(row: HTMLElement, name: RegExp | string) {
    const buttons = within(row).queryAllByRole("button", { name });
    // The row's own button stands below those of the fields in it.
    const button = buttons.at(-1);
    if (button) fireEvent.click(button);
    await settle(0);
  }
}
