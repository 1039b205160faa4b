import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";

import type { Component } from "../../core/types";
import { counter, node, openFlow, port } from "../testFlow";
import { FlowProvider } from "../../live/context";
import { noRuns } from "../../live/testing";
import CardControls from "./CardControls";

afterEach(cleanup);

const button = (title: string, more: object = {}) => ({ type: "boolean", format: "button", title, ...more });

async function card(selected: string[]) {
  const control = {
    type: "object",
    properties: {
      send: button("Send", { card: true }),
      purge: button("Purge", { card: true, confirm: "All is lost." }),
      third: button("Third", { card: true }),
      other: button("Other"),
    },
  };
  const component: Component = { ...counter, ports: [port("_control", true, control)] };
  const flow = await openFlow({ nodes: [node("a"), node("b")], components: [component] });
  flow.view.unmount();
  const { editor, live, checks } = flow;
  render(
    <FlowProvider value={{ editor, live, checks, runs: noRuns }}>
      <CardControls id="a" />
    </FlowProvider>,
  );
  act(() => editor.select({ nodes: selected }));
  return flow;
}

const names = () => screen.queryAllByRole("button").map(({ textContent }) => textContent);

it("puts the two buttons that matter below the card that alone is selected", async () => {
  const flow = await card(["a"]);
  expect(names()).toEqual(["Send", "Purge"]);
  act(() => flow.editor.select({ nodes: ["a", "b"] }));
  expect(names()).toEqual([]);
});

it("presses them, after asking where that is asked for, and says what failed", async () => {
  const flow = await card(["a"]);
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText("…")).toBeDefined();
  expect(flow.press).toHaveBeenCalledWith("a", { send: true }, expect.any(String));
  act(() => flow.editor.controlEnded("signal", "failed", { code: "x", message: "Nobody leads" }));
  expect(await screen.findByRole("button", { name: "Send: Nobody leads. Press to try again" })).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Purge" }));
  expect(within(screen.getByRole("dialog")).getByText("All is lost.")).toBeDefined();
  expect(flow.press).toHaveBeenCalledTimes(1);
});
