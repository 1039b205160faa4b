import type { Graph } from "../core/graph";

/** Nodes beside one: those that its wires come from, and those that they lead to, each once. */
export interface Neighbours {
  readonly sources: readonly string[];
  readonly targets: readonly string[];
}

/** For all nodes at once: looking every wire through for each row would cost rows times wires. */
export function neighboursOf(edges: Graph["edges"]): ReadonlyMap<string, Neighbours> {
  const found = new Map<string, { sources: Set<string>; targets: Set<string> }>();
  const of = (id: string) => {
    let known = found.get(id);
    if (!known) found.set(id, (known = { sources: new Set(), targets: new Set() }));
    return known;
  };
  for (const { source, target } of edges.values()) {
    of(source).targets.add(target);
    of(target).sources.add(source);
  }
  return new Map(
    Array.from(found, ([id, { sources, targets }]) => [id, { sources: [...sources], targets: [...targets] }]),
  );
}
