import { createContext, useContext } from "react";

const Context = createContext<readonly string[]>([]);

/** People whose names stand out in the text below, after an `@`. */
export const MentionNames = Context.Provider;

export interface Piece {
  readonly text: string;
  readonly named: boolean;
}

/** A text in pieces: names of people apart from what stands between them. */
export function usePieces(text: string): readonly Piece[] {
  return pieces(text, useContext(Context));
}

export function pieces(text: string, names: readonly string[]): readonly Piece[] {
  if (names.length === 0 || !text.includes("@")) return [{ text, named: false }];
  // The longest first: of `ada` and `ada.b` the text means the longer.
  const longest = [...names].sort((one, other) => other.length - one.length).map(escaped);
  const mention = new RegExp(`(?<![\\w@.+-])@(?:${longest.join("|")})(?![\\w@+-])`, "gi");
  const found: Piece[] = [];
  let end = 0;
  for (const { index, 0: name } of text.matchAll(mention)) {
    if (index > end) found.push({ text: text.slice(end, index), named: false });
    found.push({ text: name, named: true });
    end = index + name.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), named: false });
  return found;
}

function escaped(name: string): string {
  return name.replace(/[.+*?^${}()|[\]\\]/g, "\\$&");
}
