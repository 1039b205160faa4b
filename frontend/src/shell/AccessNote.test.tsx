import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { Session } from "../live/session";
import { LiveStore } from "../live/store";
import { noChecks, noRuns } from "../live/testing";
import { AccessNote } from "./AccessNote";
import { DeployState } from "./DeployState";

class Line extends EventTarget {
  readonly readyState = 0;
  close(): void {
    // Nothing is held.
  }
  end(code: number): void {
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}

async function open() {
  const server = new FakeServer([aNode("a")]);
  const editor = new Editor(server.api, new FakeKeeper());
  await editor.open();
  const live = new LiveStore();
  const line = new Line();
  const session = new Session(editor, live, noChecks(), "f", () => line as unknown as WebSocket);
  session.start();
  render(
    <FlowProvider value={{ editor, live, checks: noChecks(), runs: noRuns }}>
      <AccessNote />
      <DeployState />
    </FlowProvider>,
  );
  return { editor, session, end: (code: number) => act(() => line.end(code)) };
}

afterEach(cleanup);

it("says that the flow is gone, lets nobody edit it any more and calls nothing deployed", async () => {
  const { editor, session, end } = await open();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(editor.can.get().edit).toBe(true);
  end(4404);
  expect(screen.getByRole("alert").textContent).toContain("This flow was deleted");
  expect(screen.getByRole("link", { name: "All projects" }).getAttribute("href")).toBe("/");
  expect(editor.can.get().edit).toBe(false);
  expect(screen.queryByText("Deployed")).toBeNull();
  session.stop();
});

it("leads somebody who was signed out to a page to sign in again, and keeps this one", async () => {
  const { editor, session, end } = await open();
  end(4401);
  expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("target")).toBe("_blank");
  expect(editor.can.get().edit).toBe(true);
  session.stop();
});
