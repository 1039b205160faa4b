import type { Tab } from "../core/presence";

/** Somebody who is here, in however many tabs. */
export interface Person {
  readonly key: string;
  readonly name: string;
  readonly colour: number;
  readonly isMe: boolean;
  /** All of their tabs are hidden. */
  readonly away: boolean;
  /** Ids of their tabs, the one first in which they do something. */
  readonly tabs: readonly string[];
}

const COLOURS = 6;
/** Of a person's tabs, where they are most likely to be found. */
const SHOWN = 4;
const EDITS = 2;
const SELECTS = 1;

/** All that are here by name, this person first. */
export function peopleOf(tabs: ReadonlyMap<string, Tab>, me: string): readonly Person[] {
  const byPerson = new Map<string, string[]>();
  for (const [id, { person }] of tabs) {
    const others = byPerson.get(person);
    if (others) others.push(id);
    else byPerson.set(person, [id]);
  }
  const mine = tabs.get(me)?.person;
  const people = [...byPerson].map(([key, ids]): Person => {
    const sorted = ids.sort((one, other) => rank(tabs.get(other)) - rank(tabs.get(one)));
    return {
      key,
      name: tabs.get(sorted[0] ?? "")?.name ?? "",
      colour: colourOf(key),
      isMe: key === mine,
      away: ids.every((id) => tabs.get(id)?.away),
      tabs: sorted,
    };
  });
  return people.sort((one, other) => Number(other.isMe) - Number(one.isMe) || compare(one, other));
}

/** One of the theme's tints, the same for a person in every flow and for everybody who looks. */
export function colourOf(person: string): number {
  let hash = 0;
  for (const letter of person) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % COLOURS;
}

/** Two letters at most: of the first words, or of the one there is. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map(first) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** "Ada", "Ada and Bob", "Ada, Bob and 3 others". */
export function namesOf(names: readonly string[], most = 2): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length <= most) return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  const rest = names.length - most;
  return `${names.slice(0, most).join(", ")} and ${String(rest)} ${rest === 1 ? "other" : "others"}`;
}

function rank(tab: Tab | undefined): number {
  if (!tab) return 0;
  return (tab.away ? 0 : SHOWN) + (tab.form ? EDITS : 0) + (tab.selection.length > 0 ? SELECTS : 0);
}

function compare(one: Person, other: Person): number {
  return one.name.localeCompare(other.name) || (one.key < other.key ? -1 : 1);
}

function first(word: string): string {
  return [...word][0] ?? "";
}
