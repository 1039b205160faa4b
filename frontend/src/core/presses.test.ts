import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Refusal, Unreachable } from "./errors";
import { Presses } from "./presses";
import type { SignalState } from "./types";

function open() {
  const pending: SignalState = { state: "pending", problem: null };
  const api = {
    press: vi.fn(() => Promise.resolve({ id: "s1" })),
    signal: vi.fn(() => Promise.resolve(pending)),
  };
  return { api, presses: new Presses(api) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("goes from sending over pending to the end that the live stream tells", async () => {
  const { presses } = open();
  const press = presses.press("n", { reset: true });
  expect(press.get().phase).toBe("sending");
  await vi.advanceTimersByTimeAsync(0);
  expect(press.get().phase).toBe("pending");
  presses.ended("s1", { phase: "done", problem: null });
  expect(await press).toMatchObject({ node: "n", phase: "done" });
});

it("knows an end that came before the answer", async () => {
  const { presses } = open();
  presses.ended("s1", { phase: "failed", problem: { code: "x", message: "Only the leader may." } });
  const state = await presses.press("n", { reset: true });
  expect(state).toMatchObject({ phase: "failed", problem: { message: "Only the leader may." } });
});

it("tries a lost request again under the same key", async () => {
  const { api, presses } = open();
  api.press.mockRejectedValueOnce(new Unreachable("lost"));
  const press = presses.press("n", { reset: true });
  await vi.advanceTimersByTimeAsync(1000);
  const keys = (api.press.mock.calls as unknown as [string, unknown, string][]).map(([, , key]) => key);
  expect(keys).toEqual([press.get().key, press.get().key]);
});

it("asks by itself when the live stream is silent", async () => {
  const { api, presses } = open();
  const press = presses.press("n", { reset: true });
  api.signal.mockResolvedValue({ state: "done", problem: null });
  await vi.advanceTimersByTimeAsync(3000);
  expect(press.get().phase).toBe("done");
});

it("fails when refused, and when nothing answers for a minute", async () => {
  const { api, presses } = open();
  api.press.mockRejectedValueOnce(new Refusal(403, "forbidden", "You may not press this."));
  expect(await presses.press("n", {})).toMatchObject({
    phase: "failed",
    problem: { message: "You may not press this." },
  });
  const silent = presses.press("n", {});
  await vi.advanceTimersByTimeAsync(70_000);
  expect(silent.get()).toMatchObject({ phase: "failed", problem: { code: "press_failed" } });
});
