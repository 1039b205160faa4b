import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Refusal, Unreachable } from "../core/errors";
import type { Validation, Verdict } from "../core/types";
import { Checks } from "./checks";

const GOOD: Verdict = { outcome: "valid", findings: [] };
const BAD: Verdict = {
  outcome: "invalid",
  findings: [{ level: "invalid", code: "required", message: "amount is required", field: "/amount" }],
};

function answer(token: string, edges: Record<string, Verdict>, full = false): Validation {
  return { rev: 1, token, full, edges };
}

function checks(...answers: (Validation | Error)[]) {
  const asked: string[] = [];
  const read = (since: string) => {
    asked.push(since);
    const next = answers.shift() ?? answer("end", {});
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  return { asked, made: new Checks(read) };
}

describe("what is said of mappings", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is asked once for a burst of changes, then for what is different", async () => {
    const { asked, made } = checks(answer("a", { e: BAD, f: GOOD }, true), answer("b", { e: GOOD }));
    const woken = vi.fn();
    made.subscribe("f", woken);
    for (let change = 0; change < 5; change += 1) made.refresh();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual([""]);
    expect(made.verdict("e")).toEqual(BAD);
    made.refresh();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(["", "a"]);
    expect([made.verdict("e"), made.verdict("f")]).toEqual([GOOD, GOOD]);
    expect(woken).toHaveBeenCalledTimes(1);
  });

  it("forgets wires that a full answer does not name", async () => {
    const { made } = checks(answer("a", { e: BAD }, true), answer("b", { f: GOOD }, true));
    made.refresh();
    await vi.advanceTimersByTimeAsync(1_000);
    made.refresh();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(made.verdict("e")).toBeUndefined();
  });

  it("is asked again after a failure, and after a change meanwhile", async () => {
    const { asked, made } = checks(
      new Unreachable("down"),
      new Refusal(503, "cluster_unavailable", "not yet"),
      answer("a", { e: GOOD }, true),
    );
    made.refresh();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
    expect(made.verdict("e")).toEqual(GOOD);
  });

  it("is not asked again for what was refused, nor when the page is closed", async () => {
    const { asked, made } = checks(new Refusal(404, "not_found", "gone"), new Unreachable("down"));
    made.refresh();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    made.refresh();
    await vi.advanceTimersByTimeAsync(300);
    made.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(2);
  });
});
