import type { Json } from "../core/types";

/** Characters of a value that a difference shows. */
const SHOWN = 320;
/** Of what two long texts have in common before they part, so much is left for orientation. */
const BEFORE = 40;

/**
 * Two values as they are compared by eye: of long ones that begin alike only what stands around the place where they part. What
 * is left out is an ellipsis. `came` is undefined where nothing came.
 */
export function apart(
  expected: Json,
  came: Json | undefined,
): readonly [expected: string, came: string | null] {
  const [one, other] = [JSON.stringify(expected), came === undefined ? null : JSON.stringify(came)];
  if (other === null) return [cut(one, 0), null];
  if (Math.max(one.length, other.length) <= SHOWN) return [one, other];
  let alike = 0;
  while (alike < one.length && one[alike] === other[alike]) alike += 1;
  const from = Math.max(0, alike - BEFORE);
  return [cut(one, from), cut(other, from)];
}

function cut(text: string, from: number): string {
  const part = text.slice(from, from + SHOWN);
  return `${from > 0 ? "…" : ""}${part}${from + SHOWN < text.length ? "…" : ""}`;
}
