import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Editor } from "../core/editor";
import { FakeKeeper, FakeServer } from "../core/testing";
import { FlowProvider } from "../live/context";
import { noChecks, noRuns } from "../live/testing";
import { LiveStore } from "../live/store";
import { Notices } from "./Notices";

function open() {
  const editor = new Editor(new FakeServer().api, new FakeKeeper());
  render(
    <FlowProvider value={{ editor, live: new LiveStore(), checks: noChecks(), runs: noRuns }}>
      <Notices />
    </FlowProvider>,
  );
  return editor;
}

/** The messages that lie open, newest last. */
const shown = () =>
  [...document.querySelectorAll(".toast:not([hidden]) > p")].map(({ textContent }) => textContent);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("Notices", () => {
  it("shows the newest and folds the others away", () => {
    const editor = open();
    for (const message of ["one", "two", "three"]) act(() => editor.notify({ code: "x", message }));
    expect(shown()).toEqual(["three"]);
    fireEvent.click(screen.getByText("2 more messages"));
    expect(shown()).toEqual(["one", "two", "three"]);
    fireEvent.click(screen.getByText("Fewer messages"));
    expect(shown()).toEqual(["three"]);
  });

  it("takes information and warnings away after a while, folded or not, and keeps errors", () => {
    const editor = open();
    act(() => editor.notify({ code: "x", message: "gone soon" }, "info"));
    act(() => editor.notify({ code: "x", message: "gone later" }, "warning"));
    act(() => editor.notify({ code: "x", message: "stays" }, "error"));
    act(() => void vi.advanceTimersByTime(10_000));
    expect(editor.notices.get().map(({ message }) => message)).toEqual(["stays"]);
  });

  it("keeps a warning that asks something", () => {
    const editor = open();
    const action = { label: "Undo anyway", run: vi.fn() };
    act(() => editor.notify({ code: "x", message: "Others changed it" }, "warning", action));
    act(() => void vi.advanceTimersByTime(60_000));
    fireEvent.click(screen.getByText("Undo anyway"));
    expect(action.run).toHaveBeenCalledOnce();
    expect(editor.notices.get()).toEqual([]);
  });
});
