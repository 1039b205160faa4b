import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Drafts } from "./draft/drafts";
import type { FormTarget } from "./draft/submit";
import { Form } from "./Form";
import type { ControlProps } from "./FormContext";
import type { Renderer } from "./registry/renderer";
import { renderers as all } from "./registry/renderers";
import { setAt, toPointer } from "./schema/pointer";
import type { FieldError, Json, Path, Schema } from "./schema/types";
import { useTextDraft } from "./useTextDraft";
import { check } from "./validator/check";

const schema: Schema = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", title: "Name", description: "Shown in logs", maxLength: 5, propertyOrder: 1 },
    size: { type: "integer", title: "Size", default: 100, maximum: 10_000, propertyOrder: 2 },
    on: { type: "boolean", title: "Enabled", default: true, propertyOrder: 3 },
    mode: {
      enum: ["once", "each"],
      enumTitles: ["Once stored", "Each time"],
      title: "Mode",
      propertyOrder: 4,
    },
    live: { type: "string", title: "Live", readonly: true, propertyOrder: 5 },
    odd: { title: "Odd", propertyOrder: 6 },
    tags: { type: "array", title: "Tags", items: { type: "string", minLength: 1 }, propertyOrder: 7 },
    labels: { type: "object", title: "Labels", additionalProperties: { type: "string" }, propertyOrder: 8 },
    limit: { type: "integer", title: "Limit", tab: "More", propertyOrder: 9 },
  },
};

interface BenchOptions {
  readOnly?: string | null;
  problems?: FieldError[];
  renderers?: readonly Renderer[];
}

/** A form over a document of its own, checked by the real validator. */
class Bench implements FormTarget {
  readonly key = "form";
  readonly drafts = new Drafts();
  readonly sent: [string, Json | undefined][] = [];
  refuse: FieldError[] = [];
  private view: ReturnType<typeof render> | null = null;
  private gone = false;
  private current: Json;
  private readonly readOnly: string | null;
  private readonly problems: FieldError[];
  private readonly renderers: readonly Renderer[];

  constructor(start: Json, { readOnly = null, problems = [], renderers = all }: BenchOptions = {}) {
    this.current = start;
    this.readOnly = readOnly;
    this.problems = problems;
    this.renderers = renderers;
    this.draw();
  }

  document = () => this.current;

  check = (document: Json | undefined) => Promise.resolve(check(schema, document ?? null));

  send = (path: Path, value: Json | undefined) => {
    this.sent.push([toPointer(path), value]);
    const before = this.current;
    this.become(setAt(this.current, path, value) ?? null);
    if (this.refuse.length) this.become(before);
    return Promise.resolve(this.refuse);
  };

  /** The document changes, by whomever. */
  become(document: Json): void {
    this.current = document;
    this.draw();
  }

  /** The form goes away, as when another node is selected. */
  leave(): void {
    this.gone = true;
    this.view?.unmount();
  }

  private draw(): void {
    if (this.gone) return;
    const form = (
      <Form
        schema={schema}
        value={this.current}
        target={this}
        readOnly={this.readOnly}
        problems={this.problems}
        renderers={this.renderers}
      />
    );
    if (this.view) this.view.rerender(form);
    else this.view = render(form);
  }
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(new RegExp(`^${name}(\\*.*)?$`));
const type = (name: string, text: string) => fireEvent.change(field(name), { target: { value: text } });
/** Lets pauses and promises pass. */
const settle = (time = 500) => act(() => vi.advanceTimersByTimeAsync(time));

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a form", () => {
  it("ties labels, help and values to its inputs", () => {
    new Bench({ name: "abc" });
    expect(field("Name").value).toBe("abc");
    expect(field("Name").getAttribute("aria-required")).toBe("true");
    const help = document.getElementById(field("Name").getAttribute("aria-describedby") ?? "");
    expect(help?.textContent).toBe("Shown in logs");
    expect(field("Size").value).toBe("100");
    expect(field("Enabled").checked).toBe(true);
  });

  it("shows tabs, and the fields of the open one", () => {
    new Bench({});
    expect(screen.getByRole("tab", { name: "More" }).getAttribute("aria-selected")).toBe("true");
    expect(field("Limit")).toBeDefined();
  });

  it("cannot be edited by who may only look, and says why", () => {
    new Bench({ name: "abc", tags: ["a"] }, { readOnly: "You may look at this flow." });
    expect(screen.getByText("You may look at this flow.")).toBeDefined();
    expect(field("Name").readOnly).toBe(true);
    expect(field("Enabled").disabled).toBe(true);
    expect(screen.queryByRole("button", { name: /^Add/ })).toBeNull();
  });

  it("never offers a readonly field for editing", () => {
    new Bench({ live: "now" });
    expect(field("Live").tagName).toBe("OUTPUT");
    expect(field("Live").textContent).toBe("now");
  });
});

describe("typing", () => {
  it("is sent after a pause, once", async () => {
    const bench = new Bench({ name: "a" });
    type("Name", "ab");
    type("Name", "abc");
    await settle();
    expect(bench.sent).toEqual([["/name", "abc"]]);
  });

  it("is sent at once on Enter and when the field is left", async () => {
    const bench = new Bench({ name: "a" });
    type("Name", "b");
    fireEvent.keyDown(field("Name"), { key: "Enter" });
    await settle(0);
    type("Size", "5");
    fireEvent.blur(field("Size"));
    await settle(0);
    expect(bench.sent).toEqual([
      ["/name", "b"],
      ["/size", 5],
    ]);
  });

  it("is sent when the form goes away in the middle of it", async () => {
    const bench = new Bench({ name: "a" });
    type("Name", "ab");
    bench.leave();
    await settle(0);
    expect(bench.sent).toEqual([["/name", "ab"]]);
  });

  it("is given up with Escape", async () => {
    const bench = new Bench({ name: "a" });
    type("Name", "ab");
    fireEvent.keyDown(field("Name"), { key: "Escape" });
    await settle();
    expect(field("Name").value).toBe("a");
    expect(bench.sent).toEqual([]);
  });

  it("survives what others change meanwhile, in this field or another", async () => {
    const bench = new Bench({ name: "a", size: 1 });
    type("Name", "mine");
    bench.become({ name: "other", size: 2 });
    expect(field("Name").value).toBe("mine");
    expect(field("Size").value).toBe("2");
    await settle();
    expect(bench.sent).toEqual([]);
    expect(screen.getByText("other")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Keep mine" }));
    await settle();
    expect(bench.sent).toEqual([["/name", "mine"]]);
    expect(screen.queryByText("other")).toBeNull();
  });

  it("gives way to what others changed when the person says so", async () => {
    const bench = new Bench({ name: "a" });
    type("Name", "mine");
    bench.become({ name: "other" });
    await settle();
    fireEvent.click(screen.getByRole("button", { name: "Take theirs" }));
    expect(field("Name").value).toBe("other");
    expect(bench.sent).toEqual([]);
  });

  it("meets nothing where others came to the same value", async () => {
    const bench = new Bench({ name: "a" });
    type("Name", "same");
    bench.become({ name: "same" });
    await settle();
    expect(screen.queryByRole("button", { name: "Keep mine" })).toBeNull();
    expect(field("Name").value).toBe("same");
  });

  it("draws the field that is typed in, and no other", async () => {
    const drawn: string[] = [];
    function Watched({ id, path }: ControlProps) {
      drawn.push(toPointer(path));
      const draft = useTextDraft(path, "", { format: String, parse: (value) => ({ value }) });
      return <input id={id} value={draft.text} onChange={(event) => draft.onChange(event.target.value)} />;
    }
    const watched: Renderer = { name: "watched", rank: () => 1, control: Watched };
    const bench = new Bench({ name: "a" }, { renderers: [watched] });
    await settle();
    drawn.length = 0;
    type("Name", "ab");
    expect(new Set(drawn)).toEqual(new Set(["/name"]));
    bench.leave();
  });

  it("shows what others changed in a field that nobody edits", () => {
    const bench = new Bench({ name: "a" });
    bench.become({ name: "b" });
    expect(field("Name").value).toBe("b");
  });

  it("keeps text that is no number, with the reason under it", async () => {
    const bench = new Bench({ name: "a" });
    type("Size", "12x");
    fireEvent.blur(field("Size"));
    await settle();
    expect(field("Size").value).toBe("12x");
    expect(field("Size").getAttribute("aria-invalid")).toBe("true");
    const described = field("Size").getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(described)?.textContent).toBe("Must be a number");
    expect(bench.sent).toEqual([]);
  });

  it("keeps a number in the form in which it was typed while it means the value", async () => {
    new Bench({ name: "a" });
    type("Size", "1 000");
    await settle();
    expect(field("Size").value).toBe("1 000");
    fireEvent.blur(field("Size"));
    expect(field("Size").value).toBe("1000");
  });

  it("holds back a value beyond its limit, and sends it once it is mended", async () => {
    const bench = new Bench({ name: "a", size: 1 });
    type("Size", "20000");
    await settle();
    expect(screen.getByText(/At most 10.000/)).toBeDefined();
    expect(field("Size").value).toBe("20000");
    expect(bench.sent).toEqual([]);
    type("Size", "2000");
    await settle();
    expect(screen.queryByText(/At most 10.000/)).toBeNull();
    expect(bench.sent).toEqual([["/size", 2000]]);
  });

  it("comes back with the server's reason when it is refused", async () => {
    const bench = new Bench({ name: "a" });
    bench.refuse = [{ pointer: "/name", message: "The name is taken" }];
    type("Name", "b");
    await settle();
    expect(field("Name").value).toBe("b");
    expect(screen.getByText("The name is taken")).toBeDefined();
    fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(field("Name").value).toBe("a");
  });
});

describe("controls of one step", () => {
  it("send at once", async () => {
    const bench = new Bench({ name: "a" });
    fireEvent.click(field("Enabled"));
    fireEvent.change(field("Mode"), { target: { value: "1" } });
    await settle(0);
    expect(bench.sent).toEqual([
      ["/on", false],
      ["/mode", "each"],
    ]);
  });

  it("step numbers with the arrow keys, inside the limits", async () => {
    const bench = new Bench({ name: "a", size: 9_995 });
    fireEvent.keyDown(field("Size"), { key: "ArrowUp", shiftKey: true });
    await settle(0);
    expect(bench.sent).toEqual([["/size", 10_000]]);
  });

  it("go back to the default by removing the field", async () => {
    const bench = new Bench({ name: "a", size: 7 });
    fireEvent.click(screen.getByRole("button", { name: "Size: back to the default" }));
    await settle(0);
    expect(bench.sent).toEqual([["/size", undefined]]);
    expect(field("Size").value).toBe("100");
  });
});

describe("what no control fits", () => {
  it("is edited as JSON, and text that is none stays with its error", async () => {
    const bench = new Bench({ name: "a", odd: { a: 1 } });
    expect(JSON.parse(field("Odd").value)).toEqual({ a: 1 });
    type("Odd", '{"a": ');
    await settle();
    expect(field("Odd").value).toBe('{"a": ');
    expect(screen.getByText(/This is not JSON/)).toBeDefined();
    type("Odd", '{"a": 2}');
    await settle();
    expect(bench.sent).toEqual([["/odd", { a: 2 }]]);
  });
});

describe("lists and maps", () => {
  it("hold a new item back until it fits", async () => {
    const bench = new Bench({ name: "a", tags: [] });
    fireEvent.click(screen.getByRole("button", { name: "Add to Tags" }));
    await settle(0);
    expect(bench.sent).toEqual([]);
    type("Item 1", "first");
    expect(screen.queryByRole("button", { name: "Keep mine" })).toBeNull();
    await settle();
    expect(bench.sent).toEqual([["/tags", ["first"]]]);
  });

  it("remove and move items", async () => {
    const bench = new Bench({ name: "a", tags: ["x", "y", "z"] });
    const handle = screen.getByRole("button", { name: "Move item 3" });
    handle.focus();
    fireEvent.keyDown(handle, { key: "ArrowUp" });
    await settle(0);
    expect(screen.getByText("Item 3 moved to place 2 of 3")).toBeDefined();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Move item 2" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove item 1" }));
    await settle(0);
    expect(bench.document()).toMatchObject({ tags: ["z", "y"] });
  });

  it("rename an entry in its place, never to a name that is taken", async () => {
    const bench = new Bench({ name: "a", labels: { one: "1", two: "2" } });
    const key = screen.getByLabelText("Name of one");
    fireEvent.change(key, { target: { value: "two" } });
    fireEvent.blur(key);
    expect(screen.getByText("This name is taken")).toBeDefined();
    fireEvent.change(key, { target: { value: "uno" } });
    fireEvent.keyDown(key, { key: "Enter" });
    await settle(0);
    expect(bench.sent).toEqual([["/labels", { uno: "1", two: "2" }]]);
  });
});

describe("complaints", () => {
  it("of the running node stand under their field", () => {
    new Bench({ name: "a" }, { problems: [{ pointer: "/size", message: "100 stays in force" }] });
    const described = field("Size").getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(described)?.textContent).toBe("100 stays in force");
  });

  it("about the document as it stands are found in the background", async () => {
    new Bench({});
    await settle();
    expect(screen.getByText("Required", { selector: ".field__error span" })).toBeDefined();
  });
});
