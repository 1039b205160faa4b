/** Components by category, categories in the order in which a flow is built. */

import type { Component } from "../core/types";
import { tintOf } from "../ui/icons";
import { keyOf } from "./likes";

export interface Group {
  category: string;
  components: Component[];
}

const ORDER = ["source", "http", "flow", "state", "data", "notify"];

export function groupsOf(components: readonly Component[]): Group[] {
  const groups = new Map<string, Component[]>();
  for (const component of components) {
    const category = component.category || "Other";
    groups.set(category, [...(groups.get(category) ?? []), component]);
  }
  return [...groups]
    .map(([category, members]) => ({ category, components: members }))
    .sort((a, b) => place(a.category) - place(b.category) || a.category.localeCompare(b.category));
}

/** What this person likes and has used last, before all others; those that are both stand once. */
export function ownGroups(
  components: readonly Component[],
  liked: readonly string[],
  used: readonly string[],
): Group[] {
  const known = new Map(components.map((component) => [keyOf(component), component]));
  const group = (category: string, keys: readonly string[]): Group => ({
    category,
    components: keys.flatMap((key) => known.get(key) ?? []),
  });
  const others = used.filter((key) => !liked.includes(key));
  return [group("Favourites", liked), group("Used last", others)].filter((one) => one.components.length > 0);
}

function place(category: string): number {
  const index = ORDER.indexOf(tintOf(category));
  return index < 0 ? ORDER.length : index;
}
