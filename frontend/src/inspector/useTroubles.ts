import { useEffect, useState } from "react";

import type { Verdict } from "../core/types";
import { useOpenFlow, type OpenFlow } from "../live/context";

export interface Trouble {
  id: string;
  name: string;
  message: string;
}

/** The list is for reading: it is looked for this often at most, and no longer than this. */
const EVERY = 500;
const MAX_SHOWN = 50;

/** What is wrong anywhere in the flow, found again at most twice a second however fast live values come. */
export function useTroubles(): Trouble[] {
  const flow = useOpenFlow();
  const [troubles, setTroubles] = useState(() => find(flow));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      setTroubles((before) => keep(before, find(flow)));
    };
    const wake = () => {
      timer ??= setTimeout(look, EVERY);
    };
    const stops = [flow.live, flow.checks]
      .map((told) => told.subscribeAll(wake))
      .concat(flow.editor.subscribe(wake));
    wake();
    return () => {
      clearTimeout(timer);
      stops.forEach((stop) => stop());
    };
  }, [flow]);
  return troubles;
}

function find({ editor, live, checks }: OpenFlow): Trouble[] {
  const found: Trouble[] = [];
  const { nodes, edges } = editor.graph;
  for (const node of nodes.values()) {
    if (found.length >= MAX_SHOWN) return found;
    const entry = live.node(node.id);
    const problem = entry?.error ?? (entry?.push?.state === "failed" ? entry.push.problem : null);
    if (problem) found.push({ id: node.id, name: node.label || node.component, message: problem.message });
  }
  for (const edge of edges.values()) {
    if (found.length >= MAX_SHOWN) return found;
    const message = live.edge(edge.id)?.error?.message ?? misfit(checks.verdict(edge.id));
    const name = `${nodes.get(edge.source)?.label ?? ""} → ${nodes.get(edge.target)?.label ?? ""}`;
    if (message) found.push({ id: edge.id, name, message });
  }
  return found;
}

/** Why a mapping does not fit; undefined where it does, or only messages will tell. */
function misfit(verdict: Verdict | undefined): string | undefined {
  if (verdict?.outcome !== "invalid") return undefined;
  return verdict.findings.find(({ level }) => level === "invalid")?.message ?? "This mapping does not fit";
}

/** The same list again is the same object: nothing to draw. */
function keep(before: Trouble[], now: Trouble[]): Trouble[] {
  const same =
    before.length === now.length &&
    now.every(
      (trouble, index) => trouble.id === before[index]?.id && trouble.message === before[index]?.message,
    );
  return same ? before : now;
}
