import type { EdgeRow, FlowDocument, FlowGroup, FlowNote, NodeRow } from "../core/types";
import type { Differs } from "../live/past";
import type { Diff, DiffItem } from "./types";

export function differsOf(item: DiffItem): Differs {
  return item.outcome === "changed" && item.only_moved ? "moved" : item.outcome;
}

/**
 * One document with all that two states have: the later one, and of the earlier what is not in it any more. Groups are
 * open, so that nothing that differs is hidden.
 */
export function unionOf(later: FlowDocument, { items }: Diff): FlowDocument {
  const { rev } = later.flow;
  const gone = (kind: DiffItem["kind"]): unknown[] =>
    items.flatMap((item) => (item.kind === kind && item.row ? [{ ...item.row, rev }] : []));
  const nodes = gone("node") as (NodeRow & { foreign: string | null })[];
  const groups = [...later.groups, ...(gone("group") as FlowGroup[])];
  return {
    ...later,
    nodes: [
      ...later.nodes,
      ...nodes.map((row) => ({
        ...row,
        foreign: row.foreign === null ? null : { id: row.foreign as unknown as string, name: "another flow" },
      })),
    ],
    edges: [...later.edges, ...(gone("edge") as EdgeRow[])],
    groups: groups.map((group) => ({ ...group, collapsed: false })),
    notes: [...later.notes, ...(gone("note") as FlowNote[])],
  };
}

/** By the ids of what differs, how. */
export function marksOf({ items }: Diff): ReadonlyMap<string, Differs> {
  return new Map(items.map((item) => [item.id, differsOf(item)]));
}
