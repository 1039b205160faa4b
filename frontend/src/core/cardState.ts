import { durationText, rateText } from "./format";
import type { Component, FlowNode, NodeLive, NodeState, Problem } from "./types";

/** What a card says about its node, in words as well as in colour. */
export interface CardState {
  readonly state: NodeState;
  /** The component's own live value, shown first; empty when it has none. */
  readonly value: string;
  /** The rest of the live line. */
  readonly text: string;
  readonly problem: Problem | null;
  /** Never seen on the cluster: dashed. */
  readonly fresh: boolean;
  /** Some of it is not on the cluster yet: blue dot. */
  readonly changed: boolean;
}

export const STATE_NAMES: Record<NodeState, string> = {
  idle: "Idle",
  running: "Running",
  working: "Working",
  waiting: "Waiting",
  error: "Error",
  disabled: "Disabled",
};

interface Known {
  component: Component | undefined;
  /** False until the catalogue has come: nothing is called unknown before. */
  catalogueRead: boolean;
  moduleAvailable: boolean;
}

export function cardState(node: FlowNode, live: NodeLive | undefined, known: Known): CardState {
  const push = live?.push;
  const fresh =
    node.rev === 0 || (push !== undefined && push.state !== "observed" && live?.state === undefined);
  const changed = fresh || (push !== undefined && push.state !== "observed");
  const problem = problemOf(node, live, known);
  if (problem) return { state: "error", value: "", text: problem.message, problem, fresh, changed };
  if (fresh) return { state: "idle", value: "", text: "Not on the cluster yet", problem, fresh, changed };
  if (!known.moduleAvailable) {
    const text = `Module ${node.module} is not running`;
    return { state: "waiting", value: "", text, problem, fresh, changed };
  }
  const state = live?.state ?? "idle";
  if (state === "waiting" || state === "disabled") {
    const text = [STATE_NAMES[state], live?.value ?? "", ...figuresOf(live, false)]
      .filter(Boolean)
      .join(" · ");
    return { state, value: "", text, problem, fresh, changed };
  }
  const value = live?.value ?? "";
  const text = figuresOf(live, value === "").join(" · ");
  return { state, value, text: text || value ? text : aboutOf(node, known), problem, fresh, changed };
}

/** Whether the cluster has never had this node, as far as this page knows. */
export function isFresh(node: FlowNode, live: NodeLive | undefined): boolean {
  if (node.rev === 0) return true;
  return live?.push !== undefined && live.push.state !== "observed" && live.state === undefined;
}

function problemOf(node: FlowNode, live: NodeLive | undefined, known: Known): Problem | null {
  if (live?.push?.state === "failed" && live.push.problem) return live.push.problem;
  if (live?.error) return live.error;
  if (known.catalogueRead && !known.component && known.moduleAvailable) {
    const message = `No component ${node.component} in ${node.module}. Install the module or delete the node.`;
    return { code: "unknown_component", message };
  }
  return null;
}

/** Rate, and latency where the line has room for it: the inspector has both. */
function figuresOf(live: NodeLive | undefined, hasRoom: boolean): string[] {
  const { rate = 0, p95_ms: p95 } = live?.stats ?? {};
  if (rate <= 0) return [];
  return p95 === undefined || !hasRoom ? [rateText(rate)] : [rateText(rate), `p95 ${durationText(p95)}`];
}

/** What a node is while nothing has passed: its component, or, where its name says that already, what that does. */
function aboutOf(node: FlowNode, { component }: Known): string {
  const title = component?.title ?? node.component;
  return node.label === "" || node.label === title ? (component?.description ?? "") : title;
}
