/** Edges by index: `out[i]` are the targets of node i. */
export type Targets = readonly (readonly number[])[];

/**
 * The column of each node, from 0: every wire leads to a later column, except those that close a cycle. A node
 * stands as far left as it can; one that nothing leads to, beside what it feeds.
 */
export function layersOf(out: Targets): number[] {
  const acyclic = withoutCycles(out);
  const order = inOrder(acyclic);
  const layer = new Array<number>(out.length).fill(0);
  for (const node of order) {
    for (const next of at(acyclic, node)) layer[next] = Math.max(at(layer, next), at(layer, node) + 1);
  }
  const fed = new Set(acyclic.flat());
  for (const [node, targets] of acyclic.entries()) {
    if (!fed.has(node) && targets.length > 0)
      layer[node] = Math.min(...targets.map((next) => at(layer, next))) - 1;
  }
  return layer;
}

/** The same wires, those that lead back into what is being walked through left out. */
function withoutCycles(out: Targets): number[][] {
  const kept = out.map((): number[] => []);
  const entered = new Uint8Array(out.length);
  const left = new Uint8Array(out.length);
  const fed = new Set(out.flat());
  // Where nothing leads to is where a flow begins; what is left after that are cycles alone.
  const starts = [...out.keys()].sort((one, other) => Number(fed.has(one)) - Number(fed.has(other)));
  for (const start of starts) {
    // A stack of our own: a chain of ten thousand nodes is deeper than the engine's.
    const stack: [node: number, next: number][] = entered[start] ? [] : [[start, 0]];
    entered[start] = 1;
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const [node, index] = top;
      const next = at(out, node)[index];
      top[1]++;
      if (next === undefined) {
        left[node] = 1;
        stack.pop();
      } else if (next !== node && !(entered[next] && !left[next])) {
        at(kept, node).push(next);
        if (!entered[next]) {
          entered[next] = 1;
          stack.push([next, 0]);
        }
      }
    }
  }
  return kept;
}

/** Each node after all that lead to it. */
function inOrder(out: Targets): number[] {
  const waits = new Array<number>(out.length).fill(0);
  for (const next of out.flat()) waits[next] = at(waits, next) + 1;
  const order = [...waits.keys()].filter((node) => waits[node] === 0);
  for (let index = 0; index < order.length; index++) {
    for (const next of at(out, at(order, index))) {
      const left = at(waits, next) - 1;
      waits[next] = left;
      if (left === 0) order.push(next);
    }
  }
  return order;
}

export function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
