import { expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import type { ServerMessage } from "../core/types";
import { FakeKeeper, FakeServer } from "../core/testing";
import { Checks } from "./checks";
import { Session } from "./session";
import { LiveStore } from "./store";

it("knows another role at once, and after a connection that was lost, and says so when edits are concerned", () => {
  const socket = Object.assign(new EventTarget(), { close: () => undefined }) as unknown as WebSocket;
  const editor = new Editor(new FakeServer().api, new FakeKeeper());
  const checks = new Checks(() => new Promise(() => undefined));
  const session = new Session(editor, new LiveStore(), checks, "f", () => socket);
  const hear = (message: Partial<ServerMessage>): boolean =>
    socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  const notify = vi.spyOn(editor, "notify").mockImplementation(() => undefined);
  vi.spyOn(editor, "reconnected").mockImplementation(() => undefined);
  editor.can.set({ edit: true, control: true });
  session.start();

  hear({ t: "rights", can: { edit: false, control: true } });
  expect(editor.can.get()).toEqual({ edit: false, control: true });
  expect(notify).toHaveBeenCalledOnce();
  hear({ t: "rights", can: { edit: false, control: false } });
  expect(notify).toHaveBeenCalledOnce();
  hear({ t: "hello", rev: 1, session: "s", client_id: "c", can: { edit: true, control: true } });
  expect(editor.can.get().edit).toBe(true);
  session.stop();
});
