import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";

import type { JsonObject } from "../../core/types";
import type { Schema } from "../../forms/schema/types";
import { drafts } from "../drafts";
import { counter, edge, node, openFlow, port } from "../testFlow";
import { checkExpressions, withoutExpressions } from "./checkMapping";
import { mappingTarget } from "./useMappingTarget";

const source: Schema = {
  type: "object",
  properties: { value: { type: "integer" }, operation: { type: "string" } },
  additionalProperties: false,
};
const target: Schema = {
  type: "object",
  properties: { amount: { type: "integer" }, note: { type: "string" } },
};
const expressions = { source, root: source, from: "Visits: value" };

describe("checking a mapping", () => {
  it.each<[string, JsonObject, string[]]>([
    ["all is well", { amount: "{{ $.value }}", note: "literal" }, []],
    [
      "a path that the source does not send",
      { amount: "{{ $.vlaue }}" },
      ["Visits: value sends nothing at $.vlaue"],
    ],
    [
      "another type",
      { amount: "{{ $.operation }}" },
      ["$.operation is text, the field takes a whole number"],
    ],
    ["text around expressions may hold any type", { note: "{{ $.value }} and {{ $.operation }}" }, []],
    ["an empty expression", { amount: "{{ }}" }, ["The expression is empty: write a path such as $.value"]],
    ["a field that the target does not have", { other: "{{ $.value }}" }, []],
    ["what only a message can tell", { amount: "{{ $.items[?(@.a)] }}" }, []],
  ])("%s", (_name, mapping, messages) => {
    expect(checkExpressions(mapping, expressions, target).map(({ message }) => message)).toEqual(messages);
  });

  it("leaves complaints about literals alone and takes those about expressions away", () => {
    const found = [
      { pointer: "/amount", message: "Must be a whole number" },
      { pointer: "/note", message: "Must be text" },
      { pointer: "/missing", message: "Required" },
    ];
    const left = withoutExpressions(found, { amount: "{{ $.value }}", note: 3 });
    expect(left.map(({ pointer }) => pointer)).toEqual(["/note", "/missing"]);
  });
});

describe("what may be wrong with an expression", () => {
  it.each([
    [
      false,
      ["Visits: value sends nothing at $.vlaue", "The expression is empty: write a path such as $.value"],
    ],
    [true, ["The expression is empty: write a path such as $.value"]],
  ])("is said by the form unless the server judges the wire (%s)", async (judged, messages) => {
    const { editor } = await openFlow({ nodes: [node("a"), node("b")], edges: [edge("e", "a", "b", {})] });
    const checker = { check: () => Promise.resolve([]) };
    const form = mappingTarget(editor, "e", target, expressions, { judged, checker });
    const found = await form.check({ amount: "{{ $.vlaue }}", note: "{{ }}" }, "all");
    expect(found?.map(({ message }) => message)).toEqual(messages);
  });
});

describe("a selected wire", () => {
  afterEach(() => {
    cleanup();
    for (const draft of drafts.of("mapping:e")) drafts.drop("mapping:e", draft.path);
  });

  async function open(mapping: JsonObject, can = { edit: true, control: true }) {
    const flow = await openFlow({
      nodes: [node("a"), node("b")],
      edges: [edge("e", "a", "b", { mapping })],
      can,
    });
    act(() => flow.editor.select({ edges: ["e"] }));
    return flow;
  }
  const mode = (field: string, side: string) =>
    screen
      .getByRole("group", { name: `${field}: value or expression` })
      .querySelector<HTMLButtonElement>(
        side === "Value" ? "button:first-child" : "button:last-child",
      ) as HTMLButtonElement;

  it("shows each field as what it holds", async () => {
    await open({ amount: "{{ $.value }}", note: "hello" });
    expect(mode("Amount", "Expression").getAttribute("aria-pressed")).toBe("true");
    expect(screen.getByRole<HTMLInputElement>("combobox", { name: /Amount/ }).value).toBe("{{ $.value }}");
    expect(mode("Note", "Value").getAttribute("aria-pressed")).toBe("true");
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: /Note/ }).value).toBe("hello");
  });

  it("says what the server says of the mapping, field by field", async () => {
    const flow = await openFlow({
      nodes: [node("a"), node("b")],
      edges: [edge("e", "a", "b", {})],
      verdicts: {
        e: {
          outcome: "invalid",
          findings: [
            { level: "invalid", code: "required", message: "amount is required: map it", field: "/amount" },
          ],
        },
      },
    });
    flow.checks.refresh();
    expect((await screen.findByText("amount is required: map it")).closest("button")?.className).toContain(
      "trouble",
    );
    act(() => flow.editor.select({ edges: ["e"] }));
    const note = await screen.findByLabelText("Check of the mapping");
    expect(note.textContent).toBe("This mapping does not fitamount: amount is required: map it");
  });

  it("offers the source's fields, those that fit first, and takes the chosen one", async () => {
    const flow = await open({});
    const input = screen.getByRole("combobox", { name: /Amount/ });
    fireEvent.focus(input);
    const offered = screen.getAllByRole("option").map((option) => option.querySelector("code")?.textContent);
    expect(offered).toEqual(["$.value", "$", "$.operation"]);
    fireEvent.keyDown(input, { key: "ArrowDown" });
    fireEvent.keyDown(input, { key: "Enter" });
    fireEvent.blur(input);
    await waitFor(() =>
      expect(flow.ops()).toEqual([{ op: "set_mapping", id: "e", mapping: { amount: "{{ $.value }}" } }]),
    );
  });

  it("adds the braces to a bare path", async () => {
    const flow = await open({ note: "x" });
    const input = screen.getByRole("combobox", { name: /Amount/ });
    fireEvent.change(input, { target: { value: "$.value" } });
    fireEvent.blur(input);
    await waitFor(() =>
      expect(flow.ops()).toEqual([
        { op: "set_mapping", id: "e", mapping: { note: "x", amount: "{{ $.value }}" } },
      ]),
    );
  });

  it("keeps an unfinished expression in its field and to itself, however long one thinks", async () => {
    const flow = await open({ note: "x" });
    fireEvent.click(mode("Note", "Expression"));
    const input = screen.getByRole<HTMLInputElement>("combobox", { name: /Note/ });
    fireEvent.change(input, { target: { value: "{{ $.val" } });
    await screen.findByText("This expression has no end yet: }} is missing");
    expect(input.value).toBe("{{ $.val");
    expect(flow.ops()).toEqual([]);
    fireEvent.change(input, { target: { value: "so {{ $.value }}" } });
    fireEvent.blur(input);
    await waitFor(() =>
      expect(flow.ops()).toEqual([{ op: "set_mapping", id: "e", mapping: { note: "so {{ $.value }}" } }]),
    );
  });

  it("keeps a plain text that was typed where an expression may stand", async () => {
    const flow = await open({ note: "x" });
    fireEvent.click(mode("Note", "Expression"));
    const input = screen.getByRole<HTMLInputElement>("combobox", { name: /Note/ });
    fireEvent.change(input, { target: { value: "Hello" } });
    await waitFor(() => expect(flow.editor.graph.edges.get("e")?.mapping).toEqual({ note: "Hello" }));
    expect(input.value).toBe("Hello");
  });

  it("goes from expression to value and back without losing either", async () => {
    const flow = await open({ amount: "{{ $.value }}" });
    fireEvent.click(mode("Amount", "Value"));
    const number = await screen.findByRole("spinbutton", { name: /Amount/ });
    fireEvent.change(number, { target: { value: "3" } });
    fireEvent.blur(number);
    await waitFor(() => expect(flow.editor.graph.edges.get("e")?.mapping).toEqual({ amount: 3 }));
    fireEvent.click(mode("Amount", "Expression"));
    await waitFor(() =>
      expect(flow.editor.graph.edges.get("e")?.mapping).toEqual({ amount: "{{ $.value }}" }),
    );
    fireEvent.click(mode("Amount", "Value"));
    await waitFor(() => expect(flow.editor.graph.edges.get("e")?.mapping).toEqual({ amount: 3 }));
  });

  it("is edited as JSON too", async () => {
    const flow = await open({ amount: 1 });
    fireEvent.click(screen.getByRole("button", { name: "JSON" }));
    const json = screen.getByLabelText("Mapping as JSON");
    fireEvent.change(json, { target: { value: "[1]" } });
    fireEvent.blur(json);
    expect(await screen.findByText("A mapping is an object of the target's fields")).toBeDefined();
    fireEvent.change(json, { target: { value: '{"amount": 2}' } });
    fireEvent.blur(json);
    await waitFor(() => expect(flow.ops()).toEqual([{ op: "set_mapping", id: "e", mapping: { amount: 2 } }]));
  });

  it("to a target that takes anything names its fields freely, and is never one expression", async () => {
    const anything = {
      ...counter,
      ports: counter.ports.map((at) => (at.name === "in" ? { ...at, schema: {} } : at)),
    };
    const edges = [edge("e", "a", "b", { mapping: { tick: "{{ $.value }}" } })];
    const flow = await openFlow({ nodes: [node("a"), node("b")], edges, components: [anything] });
    act(() => flow.editor.select({ edges: ["e"] }));
    expect(screen.getAllByRole("group", { name: /value or expression/ })).toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Add entry to Fields" }));
    const name = screen.getByLabelText("Name of the new entry");
    fireEvent.change(name, { target: { value: "at" } });
    fireEvent.keyDown(name, { key: "Enter" });
    await waitFor(() => expect(flow.editor.graph.edges.get("e")?.mapping).toHaveProperty("at"));
  });

  it("maps from a port that only the node has, not its component", async () => {
    const routed = port("big", true, { type: "object", properties: { size: { type: "integer" } } });
    const edges = [edge("e", "a", "b", { source_port: "big" })];
    const flow = await openFlow({ nodes: [node("a"), node("b")], edges });
    const nodes = { a: { ports: [port("in", false, null), routed] } };
    act(() => flow.editor.live({ full: false, nodes, edges: {} }));
    act(() => flow.editor.select({ edges: ["e"] }));
    fireEvent.focus(screen.getByRole("combobox", { name: /Amount/ }));
    const offered = screen.getAllByRole("option").map((option) => option.querySelector("code")?.textContent);
    expect(offered).toEqual(["$.size", "$"]);
  });

  it("shows its traffic and its error", async () => {
    const flow = await open({});
    const error = { code: "mapping_failed", message: "amount is missing" };
    act(() => flow.show({ edges: { e: { count: 12, rate: 1.5, errors: 2, error } } }));
    expect(screen.getByText("12 messages · 1.5/s · 2 errors")).toBeDefined();
    expect(screen.getByText("amount is missing")).toBeDefined();
  });

  it("is deleted, and leads to its ends", async () => {
    const flow = await open({});
    fireEvent.click(screen.getByRole("button", { name: /Delete wire/ }));
    await waitFor(() => expect(flow.ops()).toEqual([{ op: "delete_edge", id: "e" }]));
  });

  it("is for reading only where one may only look", async () => {
    await open({ amount: "{{ $.value }}" }, { edit: false, control: false });
    expect(screen.getByRole<HTMLInputElement>("combobox", { name: /Amount/ }).readOnly).toBe(true);
    expect(mode("Amount", "Value").disabled).toBe(true);
    expect(screen.queryByRole("button", { name: /Delete wire/ })).toBeNull();
  });
});
