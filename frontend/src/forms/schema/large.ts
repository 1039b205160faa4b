/** Whether a value is too much for a form, found without reading all of it. */

import type { Json } from "./types";

/** Characters of text, keys and marks; what a text control still takes in without a pause. */
export const MAX_SHOWN = 200_000;
/** What the validator is given: it is copied into its worker with each question. */
export const MAX_CHECKED = 2_000_000;
/** Deeper than any hand nests it; the browser's own JSON gives up at some thousand. */
const MAX_DEPTH = 200;

const measured = new WeakMap<object, { most: number; large: boolean }>();

/** True when `value` has more than `most` characters as JSON, or is nested too deeply. */
export function isLarge(value: Json | undefined, most: number = MAX_SHOWN): boolean {
  if (typeof value === "string") return value.length > most;
  if (typeof value !== "object" || value === null) return false;
  const known = measured.get(value);
  if (known?.most === most) return known.large;
  const large = exceeds(value, most);
  measured.set(value, { most, large });
  return large;
}

function exceeds(value: Json, most: number): boolean {
  const waiting: [Json, number][] = [[value, 0]];
  let left = most;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [part, depth] = next;
    left -= typeof part === "string" ? part.length + 2 : 4;
    if (left < 0 || depth > MAX_DEPTH) return true;
    if (Array.isArray(part)) {
      if (part.length > left) return true;
      for (const item of part) waiting.push([item, depth + 1]);
    } else if (typeof part === "object" && part !== null) {
      for (const [name, item] of Object.entries(part)) {
        left -= name.length + 3;
        waiting.push([item, depth + 1]);
      }
    }
  }
  return false;
}
