export interface Entry {
  readonly key: string;
  /** What choosing it does or is: Node, Add, Command. */
  readonly kind: string;
  readonly name: string;
  /** Its key, as the registry spells it. */
  readonly shortcut?: string | undefined;
  readonly run: () => void;
}

const MAX_FOUND = 12;

/** Entries whose name has every word of the query, those that begin with it first. */
export function findEntries(query: string, entries: readonly Entry[]): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? "";
  return entries
    .map((entry) => ({ entry, name: entry.name.toLowerCase() }))
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .sort((one, other) => Number(other.name.startsWith(first)) - Number(one.name.startsWith(first)))
    .slice(0, MAX_FOUND)
    .map(({ entry }) => entry);
}
