import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { Find } from "./Find";

afterEach(cleanup);

it("keeps what is typed before the bar is there", async () => {
  const editor = new Editor(new FakeServer([aNode("a")]).api, new FakeKeeper());
  await editor.open();
  render(
    <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <Find onClose={() => undefined} />
    </FlowProvider>,
  );
  const early = screen.getByRole("textbox", { name: "Find in this flow" });
  expect(document.activeElement).toBe(early);
  fireEvent.change(early, { target: { value: "Step 99" } });
  const bar = await waitFor(() => screen.getByRole("searchbox", { name: "Find in this flow" }));
  expect((bar as HTMLInputElement).value).toBe("Step 99");
  expect(document.activeElement).toBe(bar);
});
