import { expect, it } from "vitest";
import { pausesOf, stepsOf } from "./replaySteps";
import { aSpan } from "./testRuns";

const error = { code: "x", message: "no" };

it("lights what has the message, in the order in which it was recorded", () => {
  const steps = stepsOf([aSpan("1", null, 0, 10), aSpan("3", "1", 5, 2, { error }), aSpan("2", "1", 1, 2)]);
  expect(steps.map(({ span }) => span?.id)).toEqual(["1", "2", "3", undefined]);
  expect(Object.fromEntries(steps[1]?.lights ?? [])).toEqual({ "n-1": "lit", "n-2": "lit", "e-2": "lit" });
  expect(Object.fromEntries(steps[2]?.lights ?? [])).toEqual({
    "n-1": "lit",
    "n-2": "past",
    "e-2": "past",
    "n-3": "lit",
    "e-3": "lit",
  });
  expect(steps[3]?.lights.get("n-3")).toBe("failed");
  expect(steps[3]?.lights.get("n-1")).toBe("past");
});

it("draws out what is quick and together what is slow", () => {
  const quick = pausesOf(stepsOf([aSpan("1", null, 0, 0.2), aSpan("2", "1", 0.1, 0.1)]));
  expect(quick[0]).toBe(1_500);
  const slow = pausesOf(stepsOf([aSpan("1", null, 0, 60_000), aSpan("2", "1", 1, 59_000)]));
  expect(slow[0]).toBe(180);
  expect(Math.max(...slow)).toBeLessThanOrEqual(1_500);
  expect(pausesOf(stepsOf([]))).toEqual([180]);
});
