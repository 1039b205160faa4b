import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { Announcer } from "./Announcer";

afterEach(cleanup);

it("says what was done and what was taken back, and typing once", async () => {
  const editor = new Editor(new FakeServer([aNode("a")], []).api, new FakeKeeper());
  await editor.open();
  render(
    <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <Announcer />
    </FlowProvider>,
  );
  editor.apply([{ op: "set_node", id: "a", fields: { x: 24 } }], { label: "Move a node" });
  await screen.findByText("Move a node");
  editor.undo();
  await screen.findByText("Undone: Move a node");
});
