import { describe, expect, it } from "vitest";

import type { Schema } from "../../forms/schema/types";
import { patched, withKeyword } from "./patch";

const PLAIN: Schema = {
  type: "object",
  properties: { value: { type: "integer", readonly: true, chart: "line" }, "a/b": { type: "string" } },
};
const REFERRED: Schema = { $ref: "#/$defs/Control", $defs: { Control: PLAIN } };

describe("what a widget changes of its schema", () => {
  it("is written as a JSON Patch where the field stands, and read back", () => {
    const patch = withKeyword(PLAIN, [], "a/b", "hidden", true);
    expect(patch).toEqual([{ op: "add", path: "/properties/a~1b/hidden", value: true }]);
    expect(patched(PLAIN, patch).properties?.["a/b"]?.hidden).toBe(true);
    const below = withKeyword(REFERRED, [], "value", "chart", "sparkline");
    expect(below[0]?.path).toBe("/$defs/Control/properties/value/chart");
    expect(patched(REFERRED, below).$defs?.["Control"]?.properties?.["value"]?.chart).toBe("sparkline");
  });

  it("holds nothing that the author says already", () => {
    const hidden = withKeyword(PLAIN, [], "value", "hidden", true);
    expect(withKeyword(PLAIN, hidden, "value", "hidden", false)).toEqual([]);
    expect(withKeyword(PLAIN, [], "value", "chart", "line")).toEqual([]);
    expect(withKeyword(PLAIN, [], "value", "chart", "none")).toHaveLength(1);
  });

  it("leaves the schema as it is where it leads nowhere, or into the prototype", () => {
    expect(patched(PLAIN, [{ op: "add", path: "/properties/gone/hidden", value: true }])).toEqual(PLAIN);
    patched(PLAIN, [{ op: "add", path: "/__proto__/polluted", value: true }]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(patched(PLAIN, [])).toBe(PLAIN);
  });
});
