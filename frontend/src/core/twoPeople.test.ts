import { describe, expect, it } from "vitest";
import type { FlowApi } from "./api";
import { Editor } from "./editor";
import { graphOf, type Graph } from "./graph";
import { applyOps } from "./operations";
import { inverseOf, StrictServer } from "./rulesForTests";
import { aNode, anEdge, FakeKeeper } from "./testing";
import type { FlowEdge, FlowNode, Op } from "./types";

type Dice = (below: number) => number;

/** A small generator that repeats itself: the same seed, the same history. */
function dice(seed: number): Dice {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const IDS = ["a", "b", "c", "d"];
/** The server opens flows without contents, so that everything starts unread. */
const held = () => ({
  nodes: [aNode("a", { settings: { k: 7, deep: { m: 1 } } }), aNode("b", { settings: { l: 8 } })],
  edges: [anEdge("1", "a", "b", { mapping: { m: 9 } })],
});
const start = () => graphOf({ nodes: [aNode("a"), aNode("b")], edges: [anEdge("1", "a", "b")] });

/** One operation that fits the graph, as a person's page only sends such. */
function anyOp(roll: Dice, graph: Graph): Op {
  const nodes = [...graph.nodes.keys()];
  const edges = [...graph.edges.keys()];
  const node = nodes[roll(nodes.length)];
  const other = nodes[roll(nodes.length)];
  const edge = edges[roll(edges.length)];
  const free = IDS.filter((id) => !graph.nodes.has(id));
  const wire = ["1", "2", "3"].find((id) => !graph.edges.has(id));
  const kind = roll(8);
  if (node === undefined || (kind === 0 && free.length > 0)) {
    return {
      op: "add_node",
      id: free[roll(free.length)] ?? "a",
      module: "m",
      component: "c",
      x: roll(9),
      y: 0,
    };
  }
  if (kind === 1 && nodes.length > 1) return { op: "delete_node", id: node };
  if (kind === 2) return { op: "set_setting", id: node, path: [roll(2) ? "k" : "l"], value: roll(3) };
  if (kind === 3) return { op: "set_setting", id: node, path: [roll(2) ? "k" : "l"] };
  if (kind === 4 && wire && other !== undefined) {
    return { op: "add_edge", id: wire, source: node, source_port: wire, target: other, target_port: "in" };
  }
  if (kind === 5 && edge !== undefined) return { op: "delete_edge", id: edge };
  if (kind === 6 && edge !== undefined) return { op: "set_mapping", id: edge, mapping: { m: roll(3) } };
  return {
    op: "set_node",
    id: node,
    fields: roll(2) ? { x: roll(99) } : { label: String(roll(9)), y: roll(99) },
  };
}

function batch(roll: Dice, graph: Graph): Op[] {
  const ops: Op[] = [];
  for (let count = 1 + roll(4); count > 0; count--) {
    const op = anyOp(roll, graph);
    graph = applyOps(graph, [op]).graph;
    ops.push(op);
  }
  return ops;
}

/** What a person sees, in an order of its own and without revisions. */
function seen({ nodes, edges }: { nodes: Iterable<FlowNode>; edges: Iterable<FlowEdge> }) {
  const rows = (all: Iterable<FlowNode | FlowEdge>) =>
    [...all].map((row) => ({ ...row, name: "", rev: 0 })).sort((one, two) => (one.id < two.id ? -1 : 1));
  return { nodes: rows(nodes), edges: rows(edges) };
}

const seenGraph = ({ nodes, edges }: Graph) => seen({ nodes: nodes.values(), edges: edges.values() });
const settle = () => new Promise((resolve) => setTimeout(resolve));
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe("operations", () => {
  it.each(SEEDS)("and their inverses leave everything as it was (history %i)", (seed) => {
    const roll = dice(seed);
    let graph = start();
    for (let step = 0; step < 6; step++) {
      const ops = batch(roll, graph);
      const after = applyOps(graph, ops);
      expect(after.skipped).toEqual([]);
      const back = applyOps(after.graph, inverseOf(graph, ops));
      expect(seenGraph(back.graph)).toEqual(seenGraph(graph));
      graph = after.graph;
    }
  });
});

describe("two people on one flow", () => {
  it.each(SEEDS)(
    "see the same in the end, whatever they do and undo, whenever it arrives (history %i)",
    async (seed) => {
      const roll = dice(seed + 1_000);
      const server = new StrictServer([aNode("a"), aNode("b")], [anEdge("1", "a", "b")]);
      const people = [
        new Editor(server.strict, new FakeKeeper()),
        new Editor(server.strict, new FakeKeeper()),
      ];
      const heard = [0, 0];
      for (const editor of people) await editor.open();
      for (let step = 0; step < 12; step++) {
        const who = roll(2);
        const editor = people[who] as Editor;
        const deed = roll(6);
        if (deed === 0) editor.undo();
        else if (deed === 1) editor.redo();
        else editor.apply(batch(roll, editor.graph), { label: "Edit" });
        if (roll(3) > 0) await settle();
        const listener = roll(2);
        // A person hears of some of what happened, in order, now; of the rest later.
        const until = (heard[listener] as number) + roll(3);
        for (const change of server.log.slice(heard[listener], until)) people[listener]?.receive(change);
        heard[listener] = Math.min(until, server.log.length);
      }
      await settle();
      for (const editor of people) for (const change of server.log) editor.receive(change);
      await settle();
      for (const editor of people) {
        expect(seenGraph(editor.graph)).toEqual(seen(server.document));
        expect(editor.queue.get().pending).toBe(0);
      }
    },
  );

  it.each(SEEDS)(
    "see the same contents in the end, whenever who reads what of them (history %i)",
    async (seed) => {
      const roll = dice(seed + 3_000);
      const { nodes, edges } = held();
      const server = new StrictServer(nodes, edges);
      server.bare = true;
      // An answer may come before changes that it has in it, and after changes that it has not.
      const late: (() => void)[] = [];
      const contents: FlowApi["contents"] = (...asked) => {
        const answer = server.contentsOf(...asked);
        return new Promise((resolve) => late.push(() => resolve(answer)));
      };
      const answerAll = () => late.splice(0).forEach((answer) => answer());
      const people = [0, 1].map(() => new Editor({ ...server.strict, contents }, new FakeKeeper()));
      const heard = [0, 0];
      const readings: Promise<void>[] = [];
      for (const editor of people) await editor.open();
      for (let step = 0; step < 14; step++) {
        const who = roll(2);
        const editor = people[who] as Editor;
        const deed = roll(8);
        if (deed === 0) editor.undo();
        else if (deed === 1) editor.redo();
        else if (deed < 4) readings.push(editor.load([...IDS, "1", "2", "3"].filter(() => roll(2) > 0)));
        else editor.apply(batch(roll, editor.graph), { label: "Edit" });
        if (roll(3) > 0) await settle();
        if (roll(3) > 0) late.splice(roll(late.length + 1), 1).forEach((answer) => answer());
        const listener = roll(2);
        const until = (heard[listener] as number) + roll(3);
        for (const change of server.log.slice(heard[listener], until)) people[listener]?.receive(change);
        heard[listener] = Math.min(until, server.log.length);
      }
      await settle();
      for (const editor of people) for (const change of server.log) editor.receive(change);
      for (const editor of people) readings.push(editor.load([...editor.graph.nodes.keys(), "1", "2", "3"]));
      for (let round = 0; round < 10; round++) {
        answerAll();
        await settle();
      }
      await Promise.all(readings);
      for (const editor of people) {
        expect(editor.queue.get().pending).toBe(0);
        expect(seenGraph(editor.graph)).toEqual(seen(server.document));
      }
    },
  );

  it.each(SEEDS)("may take back all of their own, alone, and do it again (history %i)", async (seed) => {
    const roll = dice(seed + 2_000);
    const server = new StrictServer([aNode("a"), aNode("b")], [anEdge("1", "a", "b")]);
    const editor = new Editor(server.strict, new FakeKeeper());
    await editor.open();
    const before = seenGraph(editor.graph);
    for (let step = 0; step < 6; step++) {
      editor.apply(batch(roll, editor.graph), { label: "Edit" });
      if (roll(2)) await settle();
    }
    await settle();
    const after = seenGraph(editor.graph);
    for (let step = 0; step < 6; step++) editor.undo();
    await settle();
    expect(seenGraph(editor.graph)).toEqual(before);
    for (let step = 0; step < 6; step++) editor.redo();
    await settle();
    expect(seenGraph(editor.graph)).toEqual(after);
  });
});
