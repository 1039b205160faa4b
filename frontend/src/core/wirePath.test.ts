import { describe, expect, it } from "vitest";
import { backLevel, wirePath, type WireEnd } from "./wirePath";

const card = (x: number, y: number) => ({ x, y, width: 200, height: 64 });
const out = (x: number, y: number): WireEnd => ({ x: x + 200, y: y + 32, side: 1, card: card(x, y) });
const into = (x: number, y: number): WireEnd => ({ x, y: y + 32, side: 3, card: card(x, y) });

describe("wirePath", () => {
  it("starts and ends in the ports, and leaves them straight", () => {
    const { d, middle } = wirePath(out(0, 0), into(288, 48));
    expect(d).toBe("M200 32C244 32 244 80 288 80");
    expect(middle).toEqual({ x: 244, y: 56 });
  });

  it("goes around below both cards when it leads back", () => {
    const { d, middle } = wirePath(out(288, 0), into(0, 0));
    expect(d.startsWith("M488 32")).toBe(true);
    expect(d.endsWith("L0 32")).toBe(true);
    expect(middle.y).toBeGreaterThan(64);
  });

  it("runs between the cards when it leads back to one above or below", () => {
    expect(wirePath(out(288, 0), into(0, 160)).middle.y).toBe(112);
    expect(wirePath(out(288, 160), into(0, 0)).middle.y).toBe(112);
  });

  it("passes below cards in its way when it leads back, and through gaps that are wide enough", () => {
    const [start, end] = [out(576, 0), into(0, 0)];
    const inTheWay = [card(288, 180), card(288, 48), card(900, 90)];
    expect(backLevel(start, end, [card(288, 0), card(900, 60)])).toBe(backLevel(start, end));
    expect(backLevel(start, end, inTheWay)).toBe(124);
    expect(backLevel(start, end, [...inTheWay, card(288, 120)])).toBe(256);
    expect(wirePath(start, end, 124).middle.y).toBe(124);
  });

  it("leads from a card back to itself", () => {
    expect(wirePath(out(0, 0), into(0, 0)).middle).toEqual({ x: 100, y: 88 });
  });

  it("follows ports above and below", () => {
    const bottom: WireEnd = { x: 100, y: 64, side: 2, card: card(0, 0) };
    const top: WireEnd = { x: 100, y: 200, side: 0, card: card(0, 200) };
    expect(wirePath(bottom, top).d).toBe("M100 64C100 98 100 166 100 200");
  });
});
