/** A name that is being written after an `@`. */
export interface Mention {
  /** Where its `@` stands. */
  readonly from: number;
  readonly typed: string;
}

const BEFORE = /(?:^|[^\w@.+-])@([\w.+-][\w@.+-]*)?$/;
const OFFERED = 8;

/** The name that the caret stands behind; null where none is being written. */
export function mentionAt(text: string, caret: number): Mention | null {
  const found = BEFORE.exec(text.slice(0, caret));
  if (!found) return null;
  const typed = found[1] ?? "";
  return { from: caret - typed.length - 1, typed };
}

/** Names for what was typed: those that begin with it, then those that have it in them. */
export function offers(names: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase();
  const having = names.filter((name) => name.toLowerCase().includes(wanted));
  const begins = (name: string) => Number(name.toLowerCase().startsWith(wanted));
  return having.sort((one, other) => begins(other) - begins(one)).slice(0, OFFERED);
}

/** The text with the whole name in it, and where the caret goes. */
export function completed(
  text: string,
  { from, typed }: Mention,
  name: string,
): { text: string; caret: number } {
  const after = text.slice(from + 1 + typed.length);
  const space = /^\s/.test(after) ? "" : " ";
  const before = `${text.slice(0, from)}@${name}`;
  return { text: `${before}${space}${after}`, caret: before.length + 1 };
}
