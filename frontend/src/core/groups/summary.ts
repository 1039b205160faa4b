import { rateText } from "../format";
import type { FlowNode, NodeLive, NodeState } from "../types";

/** What a collapsed group says of its nodes: the worst of their states, and their figures summed. */
export interface GroupSummary {
  readonly nodes: number;
  readonly state: NodeState;
  readonly failing: number;
  readonly count: number;
  readonly rate: number;
}

const WORST_FIRST: readonly NodeState[] = ["error", "waiting", "working", "running", "idle", "disabled"];

export function summaryOf(
  nodes: readonly FlowNode[],
  live: (node: string) => NodeLive | undefined,
): GroupSummary {
  const entries = nodes.map(({ id }) => live(id));
  const states = entries.map(stateOf);
  const sum = (figure: (stats: NonNullable<NodeLive["stats"]>) => number | undefined) =>
    entries.reduce((total, entry) => total + ((entry?.stats && figure(entry.stats)) ?? 0), 0);
  return {
    nodes: nodes.length,
    state: WORST_FIRST.find((state) => states.includes(state)) ?? "idle",
    failing: states.filter((state) => state === "error").length,
    count: sum(({ count }) => count),
    rate: sum(({ rate }) => rate),
  };
}

/** The live line of the collapsed card. */
export function summaryText({ nodes, failing, rate }: GroupSummary): string {
  const all = nodes === 1 ? "1 node" : `${String(nodes)} nodes`;
  const parts = [failing > 0 ? `${String(failing)} of ${all} failing` : all];
  if (rate > 0) parts.push(rateText(rate));
  return parts.join(" · ");
}

function stateOf(entry: NodeLive | undefined): NodeState {
  if (entry?.error || entry?.push?.state === "failed") return "error";
  return entry?.state ?? "idle";
}
