import { describe, expect, it } from "vitest";

import { asKey, asName, freeName, isReferring, referenceIn } from "./names";

describe("names of secrets", () => {
  it("knows a reference and nothing else", () => {
    expect(referenceIn(" [[secret:slack/url]] ")).toEqual({ name: "slack", key: "url" });
    for (const text of ["", "hunter2", "[[secret:slack]]", "Bearer [[secret:a/b]]", "[[secret:a/b/c]]"])
      expect(referenceIn(text)).toBeNull();
  });

  it("takes what begins like a reference for one that is being typed", () => {
    expect(isReferring("[[sec", false)).toBe(true);
    expect(isReferring("", false)).toBe(true);
    expect(isReferring("{{ $.token }}", true)).toBe(true);
    expect(isReferring("{{ $.token }}", false)).toBe(false);
    expect(isReferring("hunter2", true)).toBe(false);
  });

  it("makes names that the server takes", () => {
    const taken = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
    for (const text of ["Post to Slack", "  Ünïcode!  ", "a..b--c.-d", "…", "x".repeat(90), "-.-"]) {
      expect(asName(text)).toMatch(taken);
      expect(asName(text).length).toBeLessThan(64);
    }
    expect(asName("Post to Slack")).toBe("post-to-slack");
    expect(asKey("api key")).toBe("api_key");
    expect(asKey("")).toBe("value");
  });

  it("finds a name that is free", () => {
    const one = { name: "slack", key: "url", reference: "", use_count: 0 };
    expect(freeName("Slack", ["list", 0, "url"], [one])).toEqual({ name: "slack-2", key: "url" });
    expect(freeName("Slack", ["token"], [one])).toEqual({ name: "slack", key: "token" });
  });
});
