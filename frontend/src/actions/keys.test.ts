import { expect, it } from "vitest";
import { keyOf, keyText } from "./keys";

const press = (key: string, more: KeyboardEventInit = {}) =>
  keyOf(new KeyboardEvent("keydown", { key, ...more }));

it("spells letters with shift, and signs as the signs that they are", () => {
  expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("mod+shift+z");
  expect(press("z", { metaKey: true })).toBe("mod+z");
  expect(press("?", { shiftKey: true })).toBe("?");
  expect(press("ArrowLeft", { altKey: true })).toBe("alt+ArrowLeft");
  expect(press("F10", { shiftKey: true })).toBe("shift+F10");
});

it("says keys as they stand on the keyboard", () => {
  expect(keyText("mod+shift+z", false)).toBe("Ctrl Shift Z");
  expect(keyText("mod+shift+z", true)).toBe("Cmd Shift Z");
  expect(keyText("+", false)).toBe("+");
  expect(keyText("mod++", false)).toBe("Ctrl +");
  expect(keyText("Escape", false)).toBe("Esc");
});
