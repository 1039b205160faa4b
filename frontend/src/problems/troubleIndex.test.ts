import { describe, expect, it } from "vitest";
import { Editor } from "../core/editor";
import { aNode, anEdge, FakeKeeper, FakeServer } from "../core/testing";
import type { LiveFrame } from "../core/types";
import { noChecks, noRuns } from "../live/testing";
import { LiveStore } from "../live/store";
import { TroubleIndex } from "./troubleIndex";

const SIZE = 300;
const broken = { code: "x", message: "no leader" };

/** A chain of nodes; `looksOf` counts the nodes and wires that are looked at. */
async function open() {
  const ids = Array.from({ length: SIZE }, (_, number) => `n${String(number)}`);
  const wires = ids.slice(1).map((id, number) => anEdge(`e${String(number)}`, ids[number] ?? "", id));
  const editor = new Editor(
    new FakeServer(
      ids.map((id) => aNode(id)),
      wires,
    ).api,
    new FakeKeeper(),
  );
  await editor.open();
  const live = new LiveStore((run) => run());
  let looks = 0;
  const { node, edge } = live;
  live.node = (id) => (looks++, node(id));
  live.edge = (id) => (looks++, edge(id));
  const index = new TroubleIndex({ editor, live, checks: noChecks(), runs: noRuns });
  const say = (nodes: LiveFrame["nodes"], edges: LiveFrame["edges"] = {}): ReadonlySet<string> => {
    live.merge({ full: false, nodes, edges });
    return new Set([...Object.keys(nodes), ...Object.keys(edges)]);
  };
  const looksOf = (run: () => void): number => {
    looks = 0;
    run();
    return looks;
  };
  return { editor, index, say, looksOf, keys: () => index.found().troubles.map(({ key }) => key) };
}

describe("the index of problems", () => {
  it("looks at what was touched, not at the flow", async () => {
    const { index, say, looksOf, keys } = await open();
    expect(looksOf(() => index.refresh())).toBe(2 * SIZE - 1);
    const touched = say({ n7: { error: broken }, n3: { error: broken } }, { e5: { error: broken } });
    expect(looksOf(() => expect(index.update(touched)).toBe(true))).toBe(3);
    expect(keys()).toEqual(["n3 running", "n7 running", "e5 running"]);
    expect(looksOf(() => expect(index.update(say({ n100: { value: "3" } }))).toBe(false))).toBe(1);
  });

  it("forgets what was mended and what was deleted", async () => {
    const { editor, index, say, keys } = await open();
    index.update(say({ n7: { error: broken }, n9: { error: broken } }, { e8: { error: broken } }));
    index.update(say({ n7: { error: null } }));
    const stop = editor.subscribe((touched) => index.update(touched));
    editor.apply([{ op: "delete_node", id: "n9" }], { label: "Delete" });
    stop();
    expect(keys()).toEqual([]);
    expect(index.found().total).toBe(0);
  });

  it("calls a wire by the new name of its end", async () => {
    const { editor, index, say } = await open();
    index.update(say({}, { e5: { error: broken } }));
    editor.subscribe((touched) => index.update(touched));
    editor.apply([{ op: "set_node", id: "n5", fields: { label: "Visits" } }], { label: "Rename" });
    expect(index.found().troubles[0]?.name).toMatch(/^Visits → /);
  });

  it("lists no more than anybody reads, and counts all", async () => {
    const { index, say } = await open();
    const all = Array.from({ length: SIZE }, (_, number) => number);
    const nodes = Object.fromEntries(all.map((number) => [`n${String(number)}`, { error: broken }]));
    const edges = Object.fromEntries(
      all.slice(1).map((number) => [`e${String(number - 1)}`, { error: broken }]),
    );
    index.update(say(nodes, edges));
    const { troubles, total } = index.found();
    expect([troubles.length, total]).toEqual([500, 2 * SIZE - 1]);
  });
});
