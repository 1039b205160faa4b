import type { Graph } from "../core/graph";
import type { Tab } from "../core/presence";
import type { Person } from "./people";

/** What somebody does, by the first of their tabs. */
export function doingWords(
  { tabs: [id = ""], away }: Person,
  tabs: ReadonlyMap<string, Tab>,
  graph: Graph,
): string {
  const tab = tabs.get(id);
  if (away || !tab) return "away";
  if (tab.form) return `edits ${nameOf(tab.form.node, graph)}`;
  const [first] = tab.selection;
  if (first === undefined) return tab.view === null ? "" : `looks into ${nameOf(tab.view, graph)}`;
  if (tab.selection.length === 1) return `at ${nameOf(first, graph)}`;
  return `${String(tab.selection.length)} things selected`;
}

function nameOf(id: string, { nodes, edges, groups }: Graph): string {
  const node = nodes.get(id);
  if (node) return node.label || node.component;
  if (edges.has(id)) return "a wire";
  const group = groups.get(id);
  return group ? group.name || "a group" : "something";
}
