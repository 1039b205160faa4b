import { describe, expect, it } from "vitest";

import type { Component, Port } from "../core/types";
import { showsFigure } from "./figure";

function withPanel(properties: Record<string, unknown>): Component {
  const port = { name: "_control", schema: { type: "object", properties } } as unknown as Port;
  return { ports: [port] } as unknown as Component;
}

describe("showsFigure", () => {
  it("is for components with a reading that stands on the card", () => {
    expect(showsFigure(withPanel({ value: { readonly: true, card: true } }))).toBe(true);
  });

  it("is for no others", () => {
    expect(showsFigure(undefined)).toBe(false);
    expect(showsFigure({ ports: [] } as unknown as Component)).toBe(false);
    expect(showsFigure(withPanel({ value: { readonly: true } }))).toBe(false);
    expect(showsFigure(withPanel({ send: { format: "button", card: true } }))).toBe(false);
  });
});
