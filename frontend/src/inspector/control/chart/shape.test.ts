import { afterEach, describe, expect, it } from "vitest";

import { forgetSeries, record, recorded, withPoint, type Point } from "./series";
import { shapeOf, spanText, summaryOf } from "./shape";

afterEach(forgetSeries);

describe("recent values", () => {
  it("are kept when they change, the newest of those that come close together", () => {
    let points: readonly Point[] = [];
    points = withPoint(points, 1, 0);
    expect(withPoint(points, 1, 5_000)).toBe(points);
    points = withPoint(points, 2, 1_000);
    points = withPoint(points, 3, 1_200);
    points = withPoint(points, 4, 1_300);
    expect(points.map(({ value }) => value)).toEqual([1, 2, 4]);
  });

  it("never grow past their bounds, in number or in age", () => {
    let points: readonly Point[] = [];
    for (let step = 0; step < 2_000; step += 1) points = withPoint(points, step, step * 600);
    expect(points.length).toBeLessThanOrEqual(240);
    points = withPoint(points, -1, 2_000 * 600 + 11 * 60_000);
    expect(points).toEqual([{ at: 2_000 * 600 + 11 * 60_000, value: -1 }]);
    for (let key = 0; key < 300; key += 1) record(String(key), 1, 0);
    expect(recorded("0")).toEqual([]);
    expect(recorded("299")).toHaveLength(1);
  });
});

describe("a drawing of them", () => {
  it("steps from value to value and ends now", () => {
    const points = [
      { at: 0, value: 10 },
      { at: 30_000, value: 20 },
    ];
    const shape = shapeOf(points, 60_000);
    expect(shape).toMatchObject({ lowest: 10, highest: 20, span: 60_000 });
    expect(shape?.line).toBe("M0 94H50V6H100");
    expect(shape?.area).toBe("M0 94H50V6H100V100H0Z");
    expect(shapeOf([], 0)).toBeNull();
    expect(shapeOf([{ at: 0, value: 5 }], 10)?.line).toBe("M99.97 50H100");
  });

  it("is told in a sentence", () => {
    const points = [
      { at: 0, value: 10 },
      { at: 1_000, value: 20 },
    ];
    expect(summaryOf(points, 120_000, String)).toBe("Now 20; lowest 10, highest 20 in the last 2 min.");
    expect(summaryOf([], 0, String)).toBe("No values yet.");
    expect(spanText(40_000)).toBe("40 s");
  });
});
