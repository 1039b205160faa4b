import type { NodeLive, NodeState as State } from "../../core/types";

const STATES: Record<State, string> = {
  idle: "Idle",
  running: "Running",
  working: "Working",
  waiting: "Waiting",
  error: "Error",
  disabled: "Disabled",
};

/** How the node is: its state in one word. */
export function StatePill({ live }: { live: NodeLive | undefined }) {
  const state = live?.error ? "error" : (live?.state ?? "idle");
  return (
    <span className={`state state--pill is-${state}`}>
      <i className="mark" aria-hidden="true" />
      {STATES[state]}
    </span>
  );
}
