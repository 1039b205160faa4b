/** What a command palette lists. */
export interface Entry {
  readonly key: string;
  /** What choosing it does or is: Node, Add, Flow, or an action's group. */
  readonly kind: string;
  readonly name: string;
  /** Its key, as the registry spells it. */
  readonly shortcut?: string | undefined;
  readonly run: () => void;
}

const MAX_FOUND = 40;

/**
 * Entries that have every word of the query in their name or kind: those that begin with it first, then those that were
 * chosen last. Without a query what was chosen last comes first.
 */
export function findEntries(
  query: string,
  entries: readonly Entry[],
  recent: readonly string[] = [],
): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? "";
  const rank = new Map(recent.map((key, at) => [key, at]));
  return entries
    .map((entry) => ({
      entry,
      all: `${entry.kind} ${entry.name}`.toLowerCase(),
      begins: first !== "" && entry.name.toLowerCase().startsWith(first) ? 0 : 1,
      used: rank.get(entry.key) ?? recent.length,
    }))
    .filter(({ all }) => words.every((word) => all.includes(word)))
    .sort((one, other) => one.begins - other.begins || one.used - other.used)
    .slice(0, MAX_FOUND)
    .map(({ entry }) => entry);
}
