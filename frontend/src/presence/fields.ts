import type { Tab } from "../core/presence";
import type { Presence } from "../live/presence";

/** Forms in which others are shown: what a node is set to, and what a wire hands over. */
const SHARED = /^(?:settings|mapping):(.+)$/;

/** The node or wire that a form is of; null for forms that are each one's own. */
export function formOf(key: string): string | null {
  return SHARED.exec(key)?.[1] ?? null;
}

type Editors = ReadonlyMap<string, readonly Tab[]>;

const known = new WeakMap<ReadonlyMap<string, Tab>, Editors>();

/** Who else edits this field, each person once; worked out once for all fields. */
export function editorsOf({ tabs, me }: Presence, node: string, pointer: string): readonly Tab[] {
  const all = tabs.get();
  let editors = known.get(all);
  if (!editors) known.set(all, (editors = byField(all, me.get())));
  return editors.get(`${node} ${pointer}`) ?? NOBODY;
}

const NOBODY: readonly Tab[] = [];

function byField(tabs: ReadonlyMap<string, Tab>, me: string): Editors {
  const mine = tabs.get(me)?.person;
  const found = new Map<string, Tab[]>();
  for (const tab of tabs.values()) {
    if (!tab.form || tab.person === mine) continue;
    const key = `${tab.form.node} ${tab.form.pointer}`;
    const others = found.get(key) ?? [];
    if (!others.some(({ person }) => person === tab.person)) found.set(key, [...others, tab]);
  }
  return found;
}
