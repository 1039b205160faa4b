import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { FakeKeeper, FakeServer } from "../core/testing";
import type { FlowRef } from "../core/types";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { CanvasState, CanvasStateContext } from "./canvasState";
import { FlowPicker, OtherFlows } from "./FlowPicker";

afterEach(cleanup);

async function open(siblings: () => Promise<FlowRef[]>) {
  await OtherFlows.fetch();
  const editor = new Editor(new FakeServer().api, new FakeKeeper());
  await editor.open();
  const [canvas, live] = [new CanvasState(), new LiveStore((run) => run())];
  canvas.sending.set("share");
  await act(async () => {
    render(
      <FlowProvider value={{ editor, live, checks: noChecks(), runs: noRuns, siblings }}>
        <CanvasStateContext value={canvas}>
          <FlowPicker />
        </CanvasStateContext>
      </FlowProvider>,
    );
    await Promise.resolve();
  });
}

it("leads to where a flow can be made when there is no other", async () => {
  await open(() => Promise.resolve([]));
  expect(screen.getByText("Make one").getAttribute("href")).toMatch(/^\/projects\/.+\/$/);
});

it("does not take a list that it could not read for an empty one", async () => {
  await open(() => Promise.reject(new Error("gone")));
  expect(screen.getByText(/could not be read/)).toBeDefined();
  expect(screen.queryByText("Make one")).toBeNull();
});
