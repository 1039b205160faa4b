import type { Graph } from "../graph";

/**
 * In which view a node, an edge or a note is seen: the group that is open as one, the collapsed group that hides it, or null, the
 * whole flow. `now` is the view that is open: it stays where it shows what is asked for.
 */
export function viewWith(graph: Graph, id: string, now: string | null): string | null {
  const { nodes, edges, groups, notes } = graph;
  const edge = edges.get(id);
  const ends = edge ? [edge.source, edge.target] : [id];
  const shown = ends.map((end) => (nodes.get(end) ?? notes.get(end))?.group ?? null);
  if (now !== null && shown.includes(now)) return now;
  if (!edge && !nodes.has(id) && !notes.has(id)) return now;
  const [first = null] = shown;
  const isHidden = first !== null && groups.get(first)?.collapsed === true;
  return isHidden && shown.every((group) => group === first) ? first : null;
}
