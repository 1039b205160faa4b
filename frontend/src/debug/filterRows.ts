import type { DebugRow } from "../live/debugLog";

/** A message's text in one line; made once for each. */
const TEXTS = new WeakMap<DebugRow, string>();

export function rowText(row: DebugRow): string {
  let text = TEXTS.get(row);
  if (text === undefined) TEXTS.set(row, (text = JSON.stringify(row.message) ?? ""));
  return text;
}

/** Rows that hold all words of the filter, in the node's name, the port, or the message. */
export function filterRows(
  rows: readonly DebugRow[],
  filter: string,
  nameOf: (node: string) => string,
): readonly DebugRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = `${nameOf(row.node)} ${row.port} ${rowText(row)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
