import { useEffect, useState } from "react";

import type { EditorHandle } from "../core/editorTypes";
import type { Problem } from "../core/types";
import { useOpenFlow } from "../live/context";
import type { LiveStore } from "../live/store";

export interface Trouble {
  id: string;
  name: string;
  problem: Problem;
}

/** The list is for reading: it is looked for this often at most, and no longer than this. */
const EVERY = 500;
const MAX_SHOWN = 50;

/** What is wrong anywhere in the flow, found again at most twice a second however fast live values come. */
export function useTroubles(): Trouble[] {
  const { editor, live } = useOpenFlow();
  const [troubles, setTroubles] = useState(() => find(editor, live));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      setTroubles((before) => keep(before, find(editor, live)));
    };
    const wake = () => {
      timer ??= setTimeout(look, EVERY);
    };
    const stops = [live.subscribeAll(wake), editor.subscribe(wake)];
    wake();
    return () => {
      clearTimeout(timer);
      stops.forEach((stop) => stop());
    };
  }, [editor, live]);
  return troubles;
}

function find(editor: EditorHandle, live: LiveStore): Trouble[] {
  const found: Trouble[] = [];
  const { nodes, edges } = editor.graph;
  for (const node of nodes.values()) {
    if (found.length >= MAX_SHOWN) return found;
    const entry = live.node(node.id);
    const problem = entry?.error ?? (entry?.push?.state === "failed" ? entry.push.problem : null);
    if (problem) found.push({ id: node.id, name: node.label || node.component, problem });
  }
  for (const edge of edges.values()) {
    if (found.length >= MAX_SHOWN) return found;
    const problem = live.edge(edge.id)?.error;
    const name = `${nodes.get(edge.source)?.label ?? ""} → ${nodes.get(edge.target)?.label ?? ""}`;
    if (problem) found.push({ id: edge.id, name, problem });
  }
  return found;
}

/** The same list again is the same object: nothing to draw. */
function keep(before: Trouble[], now: Trouble[]): Trouble[] {
  const same =
    before.length === now.length &&
    now.every(
      (trouble, index) => trouble.id === before[index]?.id && trouble.problem === before[index]?.problem,
    );
  return same ? before : now;
}
