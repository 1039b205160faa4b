import { describe, expect, it } from "vitest";

import { milliseconds, toIso, toWords } from "./duration";
import { jsonReading, numberReading, textReading } from "./readings";

describe("typed numbers", () => {
  const whole = numberReading({ type: "integer" });

  it.each([
    ["12", { value: 12 }],
    ["20 000", { value: 20_000 }],
    ["20\u00a0000", { value: 20_000 }],
    ["-1e3", { value: -1000 }],
    ["", { value: undefined }],
    ["12a", { error: "Must be a number" }],
    ["1.5", { error: "Must be a whole number" }],
    ["9007199254740993", { error: "Too large to be kept exactly" }],
  ])("%j", (text, expected) => {
    expect(whole.parse(text)).toEqual(expected);
  });

  it("may be null where the schema says so", () => {
    expect(numberReading({ type: "number", nullable: true }).parse("")).toEqual({ value: null });
    expect(numberReading({ type: "number" }).parse(".5")).toEqual({ value: 0.5 });
  });
});

describe("typed text", () => {
  it("stays as it is, spaces too", () => {
    expect(textReading({ type: "string" }).parse(" a ")).toEqual({ value: " a " });
    expect(textReading({ type: "string" }).parse("")).toEqual({ value: "" });
    expect(textReading({ type: "string", nullable: true }).parse("")).toEqual({ value: null });
  });

  it("shows a value of another type rather than hiding it", () => {
    expect(textReading({ type: "string" }).format({ a: 1 })).toBe('{"a":1}');
  });
});

describe("typed JSON", () => {
  it("is read, or refused saying why", () => {
    expect(jsonReading.parse('{"a": [1]}')).toEqual({ value: { a: [1] } });
    expect(jsonReading.parse("  ")).toEqual({ value: undefined });
    expect(jsonReading.parse("{a}")).toEqual({
      error: expect.stringContaining("This is not JSON") as string,
    });
  });
});

describe("durations", () => {
  it.each([
    ["1m 30s", 90_000],
    ["1.5h", 5_400_000],
    ["500ms", 500],
    ["2d", 172_800_000],
    ["PT1M30S", 90_000],
    ["P1DT0.5S", 86_400_500],
  ])("%s", (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
    expect(milliseconds(toIso(expected))).toBe(expected);
    expect(milliseconds(toWords(expected))).toBe(expected);
  });

  it.each(["", "P", "PT", "soon", "5", "1x"])("%j is none", (text) => {
    expect(milliseconds(text)).toBeUndefined();
  });

  it("are written without needless parts", () => {
    expect(toIso(0)).toBe("PT0S");
    expect(toIso(90_500)).toBe("PT1M30.5S");
    expect(toWords(3_600_000)).toBe("1h");
    expect(toWords(0)).toBe("0s");
  });
});
