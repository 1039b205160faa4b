/** Components by category, categories in the order in which a flow is built. */

import type { Component } from "../core/types";
import { tintOf } from "../ui/icons";

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

function place(category: string): number {
  const index = ORDER.indexOf(tintOf(category));
  return index < 0 ? ORDER.length : index;
}
