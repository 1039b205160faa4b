/** How keys are spelled in the registry, and for people. */

/** `mod+shift+z`, `Delete`, `?`. `mod` is Ctrl, or Cmd on a Mac. */
export function keyOf(event: KeyboardEvent): string {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Shift is part of the character for signs such as `?` and `+`.
  if (event.shiftKey && /^([a-z0-9]|.{2,})$/.test(key)) parts.push("shift");
  return [...parts, key].join("+");
}

const SIGNS: Readonly<Record<string, string>> = {
  mod: "Ctrl",
  alt: "Alt",
  shift: "Shift",
  Escape: "Esc",
  Delete: "Del",
  ContextMenu: "Menu",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  " ": "Space",
};

/** What is on the keyboard: `Ctrl Shift Z`. */
export function keyText(key: string, mac = isMac()): string {
  // The key itself may be a plus.
  const parts = key.match(/[^+]+|\+$/g) ?? [];
  return parts.map((part) => (part === "mod" && mac ? "Cmd" : (SIGNS[part] ?? capital(part)))).join(" ");
}

function capital(text: string): string {
  return text.length === 1 ? text.toUpperCase() : text;
}

function isMac(): boolean {
  return navigator.platform.startsWith("Mac");
}
