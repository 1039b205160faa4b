import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ActionsContext } from "../actions/context";
import { openActions } from "../actions/testing";
import { aPort } from "../core/testing";
import type { Component } from "../core/types";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { favourites, recent } from "./likes";
import { QuickAdd, QuickChoice } from "./QuickAdd";

const number = { type: "object", required: ["n"], properties: { n: { type: "integer" } } };
const text = { type: "object", required: ["t"], properties: { t: { type: "string" } } };

function component(name: string, title: string, ports: Component["ports"]): Component {
  return { module: "m", name, title, description: "", category: "", icon: "", tags: [], ports };
}

const COMPONENTS = [
  component("words", "Words", [aPort("in", false, { schema: text })]),
  component("sum", "Sum", [aPort("in", false, { schema: number }), aPort("out", true)]),
  component("log", "Log", [aPort("in", false)]),
  component("clock", "Clock", [aPort("out", true, { schema: number })]),
];

beforeEach(() => {
  localStorage.clear();
  favourites.list.set([]);
  recent.list.set([]);
});
afterEach(cleanup);

async function open(port: ReturnType<typeof aPort> | null) {
  await QuickChoice.fetch();
  const opened = await openActions();
  const { editor, canvas, context } = opened;
  editor.catalogue.set({ modules: [{ name: "m", version: "1", available: true }], components: COMPONENTS });
  render(
    <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <ActionsContext value={context}>
        <QuickAdd />
      </ActionsContext>
    </FlowProvider>,
  );
  const ends = port ? [{ node: "a", port }] : [];
  act(() => canvas.adding.set({ window: { x: 10, y: 10 }, at: { x: 480, y: 240 }, ends }));
  return opened;
}

const titles = () => screen.getAllByRole("option").map(({ textContent }) => textContent);
const input = () => screen.getByRole("combobox");

it("offers only what fits the port, and adds the node with its wire as one edit", async () => {
  const { editor, server, canvas } = await open(aPort("value", true, { schema: number }));
  expect(titles()).toEqual(["Sum", "Log"]);
  fireEvent.keyDown(input(), { key: "Enter" });
  await waitFor(() => expect(server.received).toHaveLength(1));
  const [node, edge] = server.received[0]?.ops ?? [];
  expect(node).toMatchObject({ op: "add_node", component: "sum", label: "Sum" });
  expect(edge).toMatchObject({ source: "a", source_port: "value", target: node?.id, target_port: "in" });
  expect([...editor.selection.get().nodes]).toEqual([node?.id]);
  expect(canvas.adding.get()).toBeNull();
});

it("draws the wire the other way from an input", async () => {
  const { server } = await open(aPort("n", false, { schema: number }));
  expect(titles()).toContain("Clock");
  fireEvent.change(input(), { target: { value: "clock" } });
  fireEvent.keyDown(input(), { key: "Enter" });
  await waitFor(() => expect(server.received[0]?.ops?.[1]).toMatchObject({ target: "a", target_port: "n" }));
});

it("offers everything where no port asks, favourites and what was used last first", async () => {
  favourites.put("m/log");
  recent.put("m/clock");
  await open(null);
  expect(titles().slice(0, 2)).toEqual(["Log", "Clock"]);
  fireEvent.keyDown(input(), { key: "ArrowDown" });
  expect(screen.getByRole("option", { selected: true }).textContent).toBe("Clock");
});

it("is put away by Escape and says when nothing fits", async () => {
  const { canvas } = await open(aPort("value", true, { schema: number }));
  fireEvent.change(input(), { target: { value: "words" } });
  expect(screen.getByText("Nothing that fits is called that.")).toBeDefined();
  fireEvent.keyDown(input(), { key: "Escape" });
  expect(canvas.adding.get()).toBeNull();
});
