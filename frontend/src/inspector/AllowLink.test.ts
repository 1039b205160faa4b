import { describe, expect, it } from "vitest";

import { refusedPlace } from "./AllowLink";

const OWNER =
  "and flows reach only the internet. An owner of the project allows it on the project's page Outbound";

describe("the place that a call was refused to", () => {
  const refused = (message: string, code = "outbound_denied"): string | null =>
    refusedPlace({ code, message });

  it("is read from the words of the guard, wherever they are passed on", () => {
    expect(refused(`db.corp:5432 is not allowed: it leads to 10.0.0.5, ${OWNER}`)).toBe("db.corp:5432");
    expect(refused(`[::1]:80 is not allowed: it is this machine itself, ${OWNER}`)).toBe("[::1]:80");
    expect(
      refused(`request failed with 500 (error id a1): localhost:9 is not allowed: it is, ${OWNER}`),
    ).toBe("localhost:9");
  });

  it("is none where no owner could allow it, or for another problem", () => {
    expect(
      refused("db.corp:80 is not allowed: it is, and the operator of this installation denies it"),
    ).toBeNull();
    expect(refused(`db.corp:80 is not allowed: ${OWNER}`, "failed")).toBeNull();
  });
});
