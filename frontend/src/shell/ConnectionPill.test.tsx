import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { Editor } from "../core/editor";
import type { Connection } from "../core/editorTypes";
import type { ModuleTelemetry } from "../core/types";
import { FlowProvider } from "../live/context";
import { noChecks, noRuns } from "../live/testing";
import { LiveStore } from "../live/store";
import { ConnectionPill } from "./ConnectionPill";

const COMMON: ModuleTelemetry = {
  module: "common-v1",
  way: "direct",
  replicas: 3,
  linked: 3,
  leader: "modules-0",
  reason: "",
};
const HTTP: ModuleTelemetry = {
  ...COMMON,
  module: "http-v1",
  way: "status",
  linked: 0,
  reason: "modules-1 at http://10.0.0.7:4000 does not answer",
};
const CONNECTION: Connection = {
  socket: "live",
  cluster: "live",
  telemetry: "direct",
  reason: "",
  modules: [COMMON],
};

function Pill() {
  const [open, setOpen] = useState(false);
  return <ConnectionPill open={open} onOpen={setOpen} />;
}

function show(connection: Connection) {
  const editor = new Editor({} as never, { load: () => null, save: () => undefined });
  editor.connection.set(connection);
  render(
    <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <Pill />
      <button type="button">Elsewhere</button>
    </FlowProvider>,
  );
  return editor;
}

afterEach(cleanup);

const pill = () => screen.getByRole("button", { name: /Live/ });
const details = () => screen.queryByRole("group", { name: "Connection" });

describe("ConnectionPill", () => {
  it("shows on a press how the live values of each module come, and why not better", () => {
    show({ ...CONNECTION, telemetry: "status", modules: [COMMON, HTTP] });
    expect(pill().textContent).toBe("Live · partly");
    expect(details()).toBeNull();
    fireEvent.click(pill());
    const shown = within(screen.getByRole("group", { name: "Connection" }));
    expect(pill().getAttribute("aria-expanded")).toBe("true");
    expect(shown.getByText("direct · 3 replicas")).toBeTruthy();
    expect(shown.getAllByText("modules-0 leads")).toHaveLength(2);
    expect(shown.getByText(HTTP.reason)).toBeTruthy();
  });

  it("is put away by Escape, which brings the focus back, and by looking elsewhere", () => {
    show(CONNECTION);
    fireEvent.click(pill());
    fireEvent.keyDown(pill(), { key: "Escape" });
    expect(details()).toBeNull();
    expect(document.activeElement).toBe(pill());
    fireEvent.click(pill());
    fireEvent.pointerDown(screen.getByRole("button", { name: "Elsewhere" }));
    expect(details()).toBeNull();
  });

  it("reads a change out", () => {
    const editor = show(CONNECTION);
    expect(screen.getByRole("status").textContent).toBe("Connection: Live");
    act(() => editor.connection.set({ ...CONNECTION, telemetry: "status", modules: [HTTP] }));
    expect(screen.getByRole("status").textContent).toContain("Connection: Live · status only.");
  });
});
