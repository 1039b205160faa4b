import { expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, FakeKeeper, FakeServer } from "../core/testing";
import { Session } from "./session";
import { LiveStore } from "./store";
import { noChecks } from "./testing";

it("calls the flow what it is called now", async () => {
  const editor = new Editor(new FakeServer([aNode("a")]).api, new FakeKeeper());
  await editor.open();
  const line = Object.assign(new EventTarget(), { readyState: 0, close: () => undefined });
  const session = new Session(editor, new LiveStore(), noChecks(), "f", () => line as unknown as WebSocket);
  session.start();
  const before = editor.flow.get();
  const data = JSON.stringify({ t: "titles", flow: "Calls", project: "Other" });
  line.dispatchEvent(new MessageEvent("message", { data }));
  expect(editor.flow.get()).toEqual({
    id: before.id,
    name: "Calls",
    project: { id: before.project.id, name: "Other" },
  });
  session.stop();
});
